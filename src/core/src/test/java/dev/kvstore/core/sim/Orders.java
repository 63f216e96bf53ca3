package dev.kvstore.core.sim;

import dev.kvstore.core.ring.Assignment;
import dev.kvstore.core.ring.Ring;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What people do to a cluster: they order more or fewer members and copies, accept losses, and put a lost ring back. */
final class Orders {
    private static final int SETTLED_MS = 2_500;
    private static final int HUMAN_MS = 4_000;
    private static final int RESTORED_MS = 6_000;

    private final Simulation simulation;
    private final Random random;

    /** What was wanted before the last order: half of the orders go back to it. */
    private @Nullable Order before;

    private record Order(List<String> names, int copies) {}

    Orders(Simulation simulation, Random random) {
        this.simulation = simulation;
        this.random = random;
    }

    /** Other members, other copies, or those from before. */
    void scale() {
        Order next = before;
        if (next == null || random.nextBoolean()) {
            List<String> names = new ArrayList<>();
            simulation.names().forEach(names::add);
            Collections.shuffle(names, random);
            int copies = 2 + random.nextInt(2);
            if (simulation.circumstances().oneCopy() && random.nextInt(3) == 0) {
                copies = 1;
            }
            int members = copies + random.nextInt(names.size() - copies + 1);
            next = new Order(List.copyOf(names.subList(0, members)), copies);
        }
        before = new Order(
                simulation.desired().names().stream().sorted().toList(),
                simulation.desired().replicationFactor());
        simulation.order(next.names(), next.copies());
    }

    /** Accepts every loss that the ring tells of. */
    void acceptLosses() {
        Ring ring = simulation.register().ring();
        if (ring == null) {
            return;
        }
        Map<Integer, Long> lost = new TreeMap<>();
        for (int i = 0; i < ring.partitions().size(); i++) {
            Assignment assignment = ring.partition(i);
            if (assignment.lost()) {
                lost.put(i, assignment.epoch());
            }
        }
        if (!lost.isEmpty() && !lost.equals(simulation.desired().acceptLoss())) {
            simulation.order(lost, false);
        }
    }

    /**
     * The register loses the ring while a member is away that will not be back soon, and a human has it put back without that
     * one. Safe in fact, since the member knows nothing newer than the others do.
     */
    void restoreWithout(SimNode away) {
        simulation.after(SETTLED_MS * 1_000L, () -> {
            if (over() || !away.running() || !everybodyIsAtTheNewestRing()) {
                return;
            }
            away.crash();
            simulation.log("the register loses the ring while " + away.name() + " is away");
            long newest = simulation.register().written().getLast().version();
            simulation.register().empty();
            simulation.after(HUMAN_MS * 1_000L, () -> {
                if (over()) {
                    return;
                }
                simulation.order(Map.of(), true);
                int proposalsBefore = simulation.register().proposals();
                simulation.after(RESTORED_MS * 1_000L, () -> restored(away, newest, proposalsBefore));
            });
        });
    }

    private void restored(SimNode away, long newest, int proposalsBefore) {
        Ring ring = simulation.register().ring();
        boolean back = ring != null && ring.version() > newest;
        // Whether a proposal takes place is the register's luck.
        if (!over() && !back && simulation.register().proposals() == proposalsBefore) {
            throw new Violation("the ring was not put back though that was ordered");
        }
        simulation.order(Map.of(), false);
        if (!away.running()) {
            away.start();
        }
    }

    private boolean everybodyIsAtTheNewestRing() {
        Ring newest = simulation.register().ring();
        return newest != null
                && !simulation.register().mayChange()
                && simulation.nodes().stream()
                        .allMatch(node -> node.running()
                                && newest.equals(node.view().ring())
                                && newest.equals(node.disk().synced().ring));
    }

    private boolean over() {
        return simulation.faults().equals(Faults.NONE);
    }
}
