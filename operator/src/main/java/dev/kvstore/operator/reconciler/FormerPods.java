package dev.kvstore.operator.reconciler;

import dev.kvstore.operator.observed.Node;
import dev.kvstore.operator.observed.Observed;
import dev.kvstore.operator.status.Situation.Remark;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Pods of a StatefulSet that was deleted by hand, which go after it. While they are there, a new one of its name could make no
 * pods of theirs; its controller would try again after ever longer times, of up to a quarter of an hour, and would not notice
 * when they are gone. So the new one is made afterwards.
 */
final class FormerPods {
    /** A pod that is there so long after its time to stop is one whose machine does not answer: it is not waited for. */
    private static final Duration OVERDUE = Duration.ofSeconds(60);

    private FormerPods() {}

    /** Why no StatefulSet is made yet; empty when there is one, or nothing is in its way. */
    static Optional<Remark> inTheWay(Observed observed, Instant now) {
        if (observed.set() != null) {
            return Optional.empty();
        }
        List<Node> former = observed.nodes().stream()
                .filter(Node::controlled)
                .filter(each -> each.stopsUntil()
                        .map(end -> now.isBefore(end.plus(OVERDUE)))
                        .orElse(true))
                .toList();
        return former.isEmpty()
                ? Optional.empty()
                : Optional.of(new Remark(
                        "FormerPodsStopping",
                        "the StatefulSet was deleted; it is made anew when its pods are gone: "
                                + former.stream().map(Node::name).collect(Collectors.joining(", "))));
    }
}
