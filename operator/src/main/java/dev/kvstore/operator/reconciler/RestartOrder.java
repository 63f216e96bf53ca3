package dev.kvstore.operator.reconciler;

import dev.kvstore.operator.observed.Node;
import dev.kvstore.operator.observed.Observed;
import dev.kvstore.operator.observed.Ring;
import dev.kvstore.operator.status.Situation;
import dev.kvstore.operator.status.Situation.Remark;
import java.util.List;
import java.util.Optional;

/**
 * May a pod restart, and which? Pods of an older template, and those whose tokens became void, are replaced one by one, the
 * leader last, and the next one goes only when all are back and all copies are in sync. A pod that is itself the cause of
 * what is missing may always be replaced, so that an update that went wrong can be taken back.
 */
sealed interface RestartOrder {
    /** All pods are as they would be made now. */
    record UpToDate() implements RestartOrder {}

    /** Pods are outdated, and none may go now. */
    record Wait(String reason, String message) implements RestartOrder {}

    /** This one goes now. */
    record Next(Node node, String why) implements RestartOrder {}

    /** What to say about it; empty when there is nothing to restart. */
    default Optional<Remark> remark() {
        return switch (this) {
            case UpToDate() -> Optional.empty();
            case Wait(String reason, String message) -> Optional.of(new Remark(reason, message));
            case Next(Node node, String why) ->
                Optional.of(new Remark("Restarting", node.name() + " restarts: " + why));
        };
    }

    static RestartOrder of(Observed observed) {
        if (observed.revision().isEmpty()) {
            return observed.set() == null
                    ? new UpToDate()
                    : new Wait("StatefulSetNotObserved", "Kubernetes has not taken the StatefulSet's template yet");
        }
        List<Node> outdated = observed.nodes().stream()
                .filter(each -> observed.outdated(each).isPresent() && !each.terminating())
                .toList();
        if (outdated.isEmpty()) {
            return new UpToDate();
        }
        if (observed.spec().paused()) {
            return new Wait(Situation.PAUSED, outdated.size() + " pods are to be made anew; spec.paused holds them");
        }
        Optional<Node> stopping =
                observed.nodes().stream().filter(Node::terminating).findFirst();
        if (stopping.isPresent()) {
            return new Wait("PodStopping", stopping.get().name() + " is stopping");
        }
        return broken(observed, outdated).orElseGet(() -> healthy(observed, outdated));
    }

    /**
     * A pod whose program does not run serves nobody. One that runs but is not ready may hold copies that are needed while
     * another pod is starting on the present template: it waits for that one.
     */
    private static Optional<RestartOrder> broken(Observed observed, List<Node> outdated) {
        Optional<Node> stopped = outdated.stream()
                .filter(each -> !each.running() && !each.ready())
                .findFirst();
        if (stopped.isPresent()) {
            return Optional.of(next(observed, stopped.get(), "it does not run, and "));
        }
        Optional<Node> unready =
                outdated.stream().filter(each -> !each.back(observed.ring())).findFirst();
        if (unready.isEmpty()) {
            return Optional.empty();
        }
        Optional<Node> starting = observed.nodes().stream()
                .filter(each -> observed.outdated(each).isEmpty() && !each.back(observed.ring()))
                .findFirst();
        return Optional.of(starting.<RestartOrder>map(RestartOrder::notBack)
                .orElseGet(() -> next(observed, unready.get(), "it is not ready, and ")));
    }

    private static RestartOrder healthy(Observed observed, List<Node> outdated) {
        Optional<Node> away = observed.nodes().stream()
                .filter(each -> !each.back(observed.ring()))
                .findFirst();
        if (away.isPresent()) {
            return notBack(away.get());
        }
        if (!observed.allBack()) {
            return new Wait("PodMissing", "not all of the pods are there");
        }
        if (!observed.fullyInSync()) {
            Ring ring = observed.ring().orElseThrow();
            int missing =
                    ring.partitions().size() - ring.fullyInSync(observed.spec().replicationFactor());
            return new Wait("CopiesMissing", missing + " partitions do not have all their copies in sync");
        }
        return outdated.stream()
                .filter(each -> !each.name().equals(observed.leader()))
                .reduce((first, second) -> second)
                .map(each -> next(observed, each, ""))
                .orElseGet(() -> next(observed, outdated.getFirst(), "it led to the last, and "));
    }

    private static Next next(Observed observed, Node node, String also) {
        return new Next(node, also + observed.outdated(node).orElseThrow());
    }

    private static Wait notBack(Node node) {
        return node.trouble()
                .map(trouble -> new Wait(trouble.reason(), trouble.message()))
                .orElseGet(() -> new Wait("PodNotBack", node.name() + " is not ready or not in the ring yet"));
    }
}
