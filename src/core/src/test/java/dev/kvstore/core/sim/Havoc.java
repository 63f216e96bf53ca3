package dev.kvstore.core.sim;

import dev.kvstore.core.io.Input;
import dev.kvstore.core.io.Input.DiskRefuses.What;
import dev.kvstore.core.ring.Assignment;
import dev.kvstore.core.ring.Ring;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Makes things go wrong: crashes, pauses, cuts, wiped disks, outages of the register. */
final class Havoc {
    private static final int CALM_MS = 6_000;
    private static final int LONG_CALM_MS = 14_000;

    private final Simulation simulation;
    private final Random random;
    private int wipes;
    private long calmUntilMs;

    record Way(String from, String to) {}

    Havoc(Simulation simulation, Random random) {
        this.simulation = simulation;
        this.random = random;
    }

    void begin() {
        Faults faults = simulation.faults();
        repeat(faults.crashes(), () -> unlessCalm(this::crash));
        repeat(faults.pauses(), () -> unlessCalm(this::pause));
        repeat(faults.cuts(), () -> unlessCalm(this::cut));
        repeat(faults.registerOutages(), () -> unlessCalm(this::outage));
        repeat(2_000, () -> any().newRate());
        repeat(faults.orders(), simulation.orders()::scale);
        repeat(simulation.circumstances().losses(), this::loseAllCopies);
        repeat(simulation.circumstances().losses() > 0 ? 1_500 : 0, simulation.orders()::acceptLosses);
        repeat(faults.registerLosses(), () -> unlessCalm(() -> loseRegister(2_000)));
        repeat(faults.fullDisks(), this::fillDisk);
        refuse();
    }

    /**
     * A register that goes back while those who know better are away is more than is promised to be survived: so all are
     * brought back first.
     *
     * @param afterMs when the register goes back, at most
     */
    void loseRegister(int afterMs) {
        if (simulation.register().written().size() < 2) {
            // Who loses the very first ring while it spreads cannot know that it ever was.
            return;
        }
        boolean byHand = simulation.circumstances().unsafeRestores();
        calmUntilMs = simulation.nowMs() + (byHand ? LONG_CALM_MS : CALM_MS);
        simulation.network().heal();
        simulation.register().outage(false);
        for (SimNode node : simulation.nodes()) {
            node.pause(false);
            if (!node.running()) {
                node.start();
            }
        }
        if (byHand) {
            simulation.orders().restoreWithout(any());
            return;
        }
        simulation.after(random.nextInt(afterMs) * 1_000L, () -> {
            if (!over()) {
                simulation.log("the register goes back");
                if (simulation.circumstances().recreates()) {
                    simulation.nodes().forEach(node -> stop(node, false));
                    simulation.register().empty();
                } else {
                    simulation.register().goBack();
                }
            }
        });
    }

    /** More than is promised to be survived: every copy that has all of a partition's writes goes. */
    private void loseAllCopies() {
        Ring ring = simulation.register().ring();
        if (ring == null) {
            return;
        }
        int partition = random.nextInt(ring.partitions().size());
        simulation.log("all copies of partition " + partition + " go");
        for (String name : ring.partition(partition).inSync()) {
            SimNode node = simulation.node(name);
            node.crash();
            wipe(node);
            simulation.after(random.nextInt(3_000) * 1_000L, () -> {
                if (!node.running()) {
                    node.start();
                }
            });
        }
    }

    private void wipe(SimNode node) {
        node.disk().wipe(node.name() + "-store-" + ++wipes);
        simulation.wiped();
        simulation.log(node.name() + " loses its disk");
    }

    private void fillDisk() {
        SimNode node = any();
        simulation.log(node.name() + " has a full disk");
        int forMs = random.nextInt(4_000);
        node.input(new Input.DiskRefuses(forMs % 2 == 0 ? What.CLIENTS : What.EVERYTHING));
        simulation.after(forMs * 1_000L, () -> node.input(new Input.DiskRefuses(What.NOTHING)));
    }

    private void repeat(int meanMs, Runnable action) {
        if (meanMs > 0) {
            simulation.after((meanMs / 2 + random.nextInt(meanMs)) * 1_000L, () -> {
                if (!simulation.faults().equals(Faults.NONE)) {
                    action.run();
                    repeat(meanMs, action);
                }
            });
        }
    }

    void unlessCalm(Runnable action) {
        if (simulation.nowMs() >= calmUntilMs) {
            action.run();
        }
    }

    private boolean over() {
        return simulation.faults().equals(Faults.NONE);
    }

    private SimNode any() {
        List<SimNode> nodes = simulation.nodes();
        return nodes.get(random.nextInt(nodes.size()));
    }

    private void crash() {
        // Sometimes all at once.
        if (random.nextInt(12) == 0) {
            simulation.nodes().forEach(node -> stop(node, false));
            return;
        }
        SimNode node = any();
        if (simulation.circumstances().zones() > 0 && random.nextInt(6) == 0) {
            simulation.log("zone " + node.zone() + " fails");
            String zone = node.zone();
            simulation.nodes().stream().filter(each -> each.zone().equals(zone)).forEach(each -> stop(each, false));
            return;
        }
        if (random.nextBoolean()) {
            // Whose disk is slow has the most to lose.
            node = Collections.max(
                    simulation.nodes(),
                    Comparator.comparingInt(each -> each.disk().unsynced()));
        }
        if (node.running() && random.nextDouble() < simulation.faults().drains()) {
            simulation.log(node.name() + " drains");
            node.input(new Input.Drain(node.time().monoMs() + 3_000));
            return;
        }
        stop(node, random.nextDouble() < simulation.faults().wipes());
    }

    void stop(SimNode node, boolean wipe) {
        if (!node.running()) {
            return;
        }
        boolean lacking = node.disk().unsynced() > 0;
        node.crash();
        if (wipe && othersHoldAll(node.name())) {
            wipe(node);
        }
        int longestMs = List.of(8_000, 1_500, 200).get(random.nextInt(3));
        // Who is back before it was missed has lost what others have acknowledged to it.
        boolean soon = lacking && simulation.faults().lateMs() > 0 && random.nextInt(3) != 0;
        long downMs = random.nextInt(soon ? 200 : longestMs);
        simulation.after(downMs * 1_000, () -> {
            if (!node.running()) {
                node.start();
                notHeard(node);
                simulation.ambush().restarted(node);
            }
        });
    }

    /** Sometimes one other does not hear a member that is back. */
    private void notHeard(SimNode node) {
        SimNode other = any();
        if (!over() && !other.equals(node) && random.nextInt(3) == 0) {
            simulation.log(other.name() + " does not hear " + node.name());
            unlessCalm(() -> cut(List.of(new Way(node.name(), other.name())), false, 1_000 + random.nextInt(3_000)));
        }
    }

    /** Whether every partition has another in-sync copy: the loss of the last one is not what is promised to be survived. */
    private boolean othersHoldAll(String name) {
        Ring ring = simulation.register().ring();
        if (ring == null || simulation.register().mayChange()) {
            return false;
        }
        for (Assignment assignment : ring.partitions()) {
            boolean another = assignment.inSync().stream()
                    .anyMatch(member -> !member.equals(name)
                            && ring.knows(member, simulation.node(member).disk().storeId()));
            if (assignment.isInSync(name) && !another) {
                return false;
            }
        }
        return true;
    }

    private void pause() {
        SimNode node = any();
        if (node.running() && !node.paused()) {
            simulation.log(node.name() + " is paused");
            node.pause(true);
            int incarnation = node.incarnation();
            simulation.after(random.nextInt(5_000) * 1_000L, () -> {
                if (node.is(incarnation)) {
                    simulation.log(node.name() + " goes on");
                    node.pause(false);
                }
            });
        }
    }

    private void cut() {
        if (random.nextInt(3) == 0) {
            deafenLeader();
            return;
        }
        SimNode node = any();
        boolean in = random.nextInt(3) != 0;
        boolean out = !in || random.nextInt(3) != 0;
        boolean oneOnly = random.nextInt(3) == 0;
        boolean refused = random.nextInt(3) == 0;
        SimNode other = any();
        simulation.log("cut of " + node.name() + (in ? " in" : "") + (out ? " out" : "")
                + (oneOnly ? " with " + other.name() : ""));
        List<Way> ways = new ArrayList<>();
        for (SimNode peer : simulation.nodes()) {
            if (!peer.equals(node) && (!oneOnly || peer.equals(other))) {
                if (in) {
                    ways.add(new Way(peer.name(), node.name()));
                }
                if (out) {
                    ways.add(new Way(node.name(), peer.name()));
                }
            }
        }
        if (in && out && random.nextBoolean()) {
            ways.add(new Way(node.name(), SimRegister.NAME));
        }
        cut(ways, refused, random.nextInt(5_000));
    }

    /** The leader alone does not hear a member, and will take it for failed though it is well. */
    private void deafenLeader() {
        String leader = simulation.register().holder();
        Ring ring = simulation.register().ring();
        if (leader == null || ring == null) {
            return;
        }
        int partition = random.nextInt(ring.partitions().size());
        SimNode node = simulation.node(ring.partition(partition).primary());
        if (!node.name().equals(leader)) {
            simulation.log("leader " + leader + " does not hear " + node.name());
            cut(List.of(new Way(node.name(), leader)), random.nextInt(3) == 0, 1_500 + random.nextInt(4_000));
        }
    }

    void cut(List<Way> ways, boolean refused, int forMs) {
        for (Way way : ways) {
            simulation.network().cut(way.from(), way.to());
            if (refused) {
                simulation.network().refuse(way.from(), way.to());
            }
        }
        simulation.after(forMs * 1_000L, () -> {
            simulation.log("a cut heals");
            ways.forEach(way -> simulation.network().heal(way.from(), way.to()));
        });
    }

    private void outage() {
        simulation.log("the register is away");
        simulation.register().outage(true);
        simulation.after(random.nextInt(6_000) * 1_000L, () -> {
            simulation.log("the register is back");
            simulation.register().outage(false);
        });
    }

    private void refuse() {
        for (SimNode node : simulation.nodes()) {
            for (SimNode peer : simulation.nodes()) {
                boolean gone = !peer.running() && !simulation.network().isCut(node.name(), peer.name());
                if (node.running() && (gone || simulation.network().refuses(node.name(), peer.name()))) {
                    simulation.refuse(node, peer.name());
                }
            }
        }
        if (!over()) {
            simulation.after(150_000, this::refuse);
        }
    }
}
