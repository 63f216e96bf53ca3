package dev.kvstore.core.sim;

import dev.kvstore.core.ring.Assignment;
import dev.kvstore.core.ring.Ring;
import dev.kvstore.core.sim.Havoc.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Trouble that waits for the moments at which it hurts most: a change of the ring, and the restart of a primary. */
final class Ambush {
    private static final int HAUNTED_MS = 3_500;
    private static final int HAUNT_EACH_MS = 60;

    private final Simulation simulation;
    private final Havoc havoc;
    private final Random random;
    /** The primary that the change of the ring under way shall meet with trouble, and the partition for which. */
    private @Nullable String victim;

    private int victimFor;
    private boolean lagged;

    Ambush(Simulation simulation, Havoc havoc, Random random) {
        this.simulation = simulation;
        this.havoc = havoc;
        this.random = random;
    }

    /** A change is on its way: sometimes a primary that it concerns hears late of everything from now on. */
    void ringProposed(Ring before, Ring after) {
        victim = null;
        lagged = false;
        if (random.nextDouble() < simulation.faults().isolations()) {
            havoc.unlessCalm(() -> choose(before, after));
        }
        if (victim != null && random.nextBoolean()) {
            lagged = true;
            lag(victim);
        }
    }

    private void lag(String member) {
        simulation.network().lag(member, 2_000);
        simulation.after(500_000, () -> simulation.network().lag("", 0));
    }

    private void choose(Ring before, Ring after) {
        List<Integer> deposing = new ArrayList<>();
        List<Integer> changing = new ArrayList<>();
        for (int i = 0; i < before.partitions().size(); i++) {
            Assignment old = before.partition(i);
            Assignment now = after.partition(i);
            if (!old.primary().equals(now.primary())) {
                deposing.add(i);
            } else if (old.epoch() != now.epoch() || !old.replicas().equals(now.replicas())) {
                changing.add(i);
            }
        }
        List<Integer> from = deposing.isEmpty() ? changing : deposing;
        if (!from.isEmpty()) {
            victimFor = from.get(random.nextInt(from.size()));
            victim = before.partition(victimFor).primary();
        }
    }

    /** The register holds another ring: a good moment for a primary to be cut off, before it hears of it. */
    void ringWritten(Ring before, Ring ring) {
        if (simulation.faults().lateMs() > 0) {
            for (int i = 0; i < before.partitions().size(); i++) {
                boolean changed = !before.partition(i).equals(ring.partition(i));
                if (changed && random.nextBoolean()) {
                    simulation.network().replay(i);
                }
                int partition = i;
                if (changed && random.nextInt(10) == 0) {
                    havoc.unlessCalm(() -> haunt(partition, ring.partition(partition)));
                }
            }
        }
        String name = victim;
        victim = null;
        boolean over = simulation.faults().equals(Faults.NONE);
        if (name == null || over || victimFor >= ring.partitions().size()) {
            return;
        }
        SimNode node = simulation.node(name);
        Assignment now = ring.partition(victimFor);
        // What reaches it late may seem new to it.
        int forMs = (lagged ? 2_000 : 200) + random.nextInt(random.nextBoolean() ? 1_500 : 4_000);
        boolean stays = now.primary().equals(name);
        List<Way> ways = new ArrayList<>();
        if (stays && random.nextInt(4) == 0) {
            havoc.stop(node, false);
            return;
        }
        List<String> learners = new ArrayList<>(now.learners());
        learners.removeAll(before.partition(victimFor).replicas());
        if (stays && !learners.isEmpty() && random.nextInt(4) != 0) {
            String learner = learners.getFirst();
            simulation.log("learner " + learner + " does not hear " + name);
            ways.add(new Way(name, learner));
        } else {
            boolean out = random.nextInt(4) != 0;
            simulation.log(name + " is isolated" + (out ? "" : " from what comes in"));
            for (SimNode peer : simulation.nodes()) {
                if (!peer.equals(node)) {
                    ways.add(new Way(peer.name(), name));
                    if (out) {
                        ways.add(new Way(name, peer.name()));
                    }
                }
            }
            ways.add(new Way(name, SimRegister.NAME));
            if (random.nextBoolean()) {
                simulation.nodes().forEach(each -> each.extremeRate(!each.equals(node)));
            }
            List<String> others = new ArrayList<>(now.inSync());
            others.remove(name);
            if (!stays && !lagged && random.nextInt(4) == 0) {
                startAnew(simulation.node(now.primary()));
            }
            if (!lagged && random.nextInt(5) == 0) {
                // Few entries that nobody else has, in a partition where little else happens.
                simulation.writeSome(node, victimFor, 1 + random.nextInt(2));
            } else if (!others.isEmpty()) {
                simulation.watch(node, simulation.node(others.get(random.nextInt(others.size()))), victimFor, forMs);
            }
        }
        havoc.cut(ways, random.nextInt(3) == 0, forMs);
    }

    /** A member that has just been made primary forgets which leases it has granted. */
    private void startAnew(SimNode node) {
        node.crash();
        simulation.after(random.nextInt(100) * 1_000L, () -> {
            if (!node.running()) {
                node.start();
            }
        });
    }

    /** The register holds a ring of which its own proposer does not know: some others may learn of it before it is lost. */
    void ringWrittenUnknown(SimNode proposer) {
        SimNode other = simulation.anyRunning(random);
        if (simulation.faults().registerLosses() > 0 && other != null && !other.equals(proposer)) {
            simulation.register().watch(other);
            havoc.unlessCalm(() -> {
                havoc.loseRegister(20);
                lag(proposer.name());
            });
        }
    }

    /** A sync of this member's disk will take long: a good moment to die, with what others have acknowledged already. */
    void slowSync(SimNode node) {
        if (simulation.faults().lateMs() > 0 && simulation.faults().crashes() > 0 && random.nextInt(3) == 0) {
            simulation.after(random.nextInt(150_000), () -> havoc.unlessCalm(() -> havoc.stop(node, false)));
        }
    }

    /** A member is back: where it is primary, it must not take what was acknowledged to its former process for its own. */
    void restarted(SimNode node) {
        Ring ring = simulation.register().ring();
        if (ring == null || simulation.faults().lateMs() == 0) {
            return;
        }
        for (int i = 0; i < ring.partitions().size(); i++) {
            if (ring.partition(i).primary().equals(node.name())) {
                haunt(i, ring.partition(i));
            }
        }
    }

    /** A replica does not hear its primary for a while, but old acknowledgements of it arrive there again and again. */
    private void haunt(int partition, Assignment assignment) {
        List<String> others = new ArrayList<>(assignment.inSync());
        others.addAll(assignment.learners());
        others.remove(assignment.primary());
        if (others.isEmpty()) {
            return;
        }
        String primary = assignment.primary();
        String replica = others.get(random.nextInt(others.size()));
        simulation.log(primary + " is haunted by what " + replica + " acknowledged");
        havoc.cut(List.of(new Way(primary, replica)), false, HAUNTED_MS);
        for (int atMs = 0; atMs < HAUNTED_MS; atMs += HAUNT_EACH_MS) {
            simulation.after(
                    atMs * 1_000L, () -> simulation.network().replayAcknowledgement(partition, replica, primary));
        }
    }
}
