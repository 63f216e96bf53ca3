package dev.kvstore.core.sim;

import dev.kvstore.core.io.Input;
import dev.kvstore.core.ring.Assignment;
import dev.kvstore.core.ring.Ring;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Makes things go wrong: crashes, pauses, cuts, wiped disks, outages of the register. */
final class Havoc {
    private static final int CALM_MS = 6_000;

    private final Simulation simulation;
    private final Random random;
    private int wipes;
    private long calmUntilMs;

    Havoc(Simulation simulation, Random random) {
        this.simulation = simulation;
        this.random = random;
    }

    void begin() {
        Faults faults = simulation.faults();
        repeat(faults.crashes(), () -> unlessCalm(this::crash));
        repeat(faults.pauses(), () -> unlessCalm(this::pause));
        repeat(faults.cuts(), () -> unlessCalm(this::cut));
        repeat(faults.registerOutages(), this::outage);
        repeat(2_000, () -> any().newRate());
        repeat(faults.orders(), this::order);
        repeat(faults.registerLosses(), this::loseRegister);
        repeat(faults.fullDisks(), this::fillDisk);
        refuse();
    }

    private void order() {
        List<String> names = new ArrayList<>();
        simulation.names().forEach(names::add);
        Collections.shuffle(names, random);
        int copies = 2 + random.nextInt(2);
        int members = copies + random.nextInt(names.size() - copies + 1);
        simulation.order(List.copyOf(names.subList(0, members)), copies);
    }

    /** A register that goes back while those who know better are away is more than is promised to be survived. */
    private void loseRegister() {
        boolean whole = simulation.nodes().stream().allMatch(node -> node.running() && !node.paused());
        if (!whole || simulation.network().isCutAnywhere()) {
            return;
        }
        calmUntilMs = simulation.nowMs() + CALM_MS;
        simulation.log("the register goes back");
        simulation.register().goBack();
    }

    private void fillDisk() {
        SimNode node = any();
        simulation.log(node.name() + " has a full disk");
        node.input(new Input.DiskRefuses(true));
        simulation.after(random.nextInt(4_000) * 1_000L, () -> node.input(new Input.DiskRefuses(false)));
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

    private void unlessCalm(Runnable action) {
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
        if (node.running() && random.nextDouble() < simulation.faults().drains()) {
            simulation.log(node.name() + " drains");
            node.input(new Input.Drain(node.time().monoMs() + 3_000));
            return;
        }
        stop(node, random.nextDouble() < simulation.faults().wipes());
    }

    private void stop(SimNode node, boolean wipe) {
        if (!node.running()) {
            return;
        }
        node.crash();
        if (wipe && othersHoldAll(node.name())) {
            String store = node.name() + "-store-" + ++wipes;
            node.disk().wipe(store);
            simulation.wiped();
            simulation.log(node.name() + " loses its disk");
        }
        long downMs = random.nextInt(3) == 0 ? random.nextInt(8_000) : random.nextInt(1_500);
        simulation.after(downMs * 1_000, () -> {
            if (!node.running()) {
                node.start();
            }
        });
    }

    /** Whether every partition has another in-sync copy: the loss of the last one is not what is promised to be survived. */
    private boolean othersHoldAll(String name) {
        Ring ring = simulation.register().ring();
        if (ring == null) {
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
        SimNode node = any();
        boolean in = random.nextInt(3) != 0;
        boolean out = !in || random.nextInt(3) != 0;
        boolean oneOnly = random.nextInt(3) == 0;
        SimNode other = any();
        simulation.log("cut of " + node.name() + (in ? " in" : "") + (out ? " out" : "")
                + (oneOnly ? " with " + other.name() : ""));
        for (SimNode peer : simulation.nodes()) {
            if (!peer.equals(node) && (!oneOnly || peer.equals(other))) {
                if (in) {
                    simulation.network().cut(peer.name(), node.name());
                }
                if (out) {
                    simulation.network().cut(node.name(), peer.name());
                }
            }
        }
        simulation.after(random.nextInt(5_000) * 1_000L, () -> {
            simulation.log("cuts heal");
            simulation.network().heal();
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
                if (node.running() && !peer.running() && !simulation.network().isCut(node.name(), peer.name())) {
                    simulation.refuse(node, peer.name());
                }
            }
        }
        if (!over()) {
            simulation.after(150_000, this::refuse);
        }
    }
}
