package dev.kvstore.operator.reconciler;

import dev.kvstore.operator.observed.Node;
import dev.kvstore.operator.observed.Observed;
import dev.kvstore.operator.resources.ObjectNames;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How many pods there shall be. More come at once. Fewer come in steps: the config names fewer members, the nodes move
 * everything off the others and drop them from the ring, and only then their pods go.
 */
final class ScaleOrder {
    /** The schema's bound of replicas; a ring that was edited by hand does not go beyond it. */
    private static final int MAX_PODS = 100;

    private ScaleOrder() {}

    static int pods(Observed observed) {
        int wanted = observed.spec().replicas();
        if (observed.set() == null) {
            return Math.max(wanted, adopted(observed));
        }
        int present = observed.pods().orElseThrow();
        // The nodes must have been told before, and the ring must be there to say whom it names.
        boolean told =
                observed.config().map(config -> config.memberCount() == wanted).orElse(false);
        if (!told || observed.ring().isEmpty()) {
            return Math.max(wanted, present);
        }
        // also upwards: one that joined while it was sent away may have the only copy of something
        return Math.max(wanted, named(observed));
    }

    /** A StatefulSet that is made over volumes that were kept starts all of them: who knows which hold the last ring. */
    private static int adopted(Observed observed) {
        ObjectNames names = observed.names();
        int volumes = observed.ring().isPresent()
                ? 0
                : count(observed.claims().stream()
                        .map(each -> names.ordinalOfClaim(each.getMetadata().getName())));
        int pods = count(observed.nodes().stream().map(Node::name).map(names::ordinalOfMember));
        return IntStream.of(volumes, pods, named(observed)).max().orElseThrow();
    }

    private static int named(Observed observed) {
        return observed.ring()
                .map(ring -> Math.min(
                        MAX_PODS,
                        ring.highest(observed.names()::ordinalOfMember).orElse(-1) + 1))
                .orElse(0);
    }

    private static int count(Stream<OptionalInt> ordinals) {
        return ordinals.filter(OptionalInt::isPresent)
                        .mapToInt(OptionalInt::getAsInt)
                        .max()
                        .orElse(-1)
                + 1;
    }
}
