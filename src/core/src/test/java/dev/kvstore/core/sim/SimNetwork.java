package dev.kvstore.core.sim;

import dev.kvstore.core.io.Input;
import dev.kvstore.core.message.Message;
import dev.kvstore.core.message.PeerId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Carries messages: late, in another order, twice or not at all. */
final class SimNetwork {
    private static final int SOON_MS = 400;
    private static final int KEPT = 2;
    private static final int KEPT_ACKS = 8;

    private final Simulation simulation;
    private final Random random;
    /** How many cuts there are of each way. */
    private final Map<String, Integer> cuts = new HashMap<>();

    private final Map<String, Integer> refusing = new HashMap<>();

    private record Kept(PeerId sender, String to, Message message) {}

    /** The newest few of some messages, for each partition, kind and way. */
    private final TreeMap<String, ArrayDeque<Kept>> kept = new TreeMap<>();

    private String lagging = "";
    private int lagMs;

    SimNetwork(Simulation simulation, Random random) {
        this.simulation = simulation;
        this.random = random;
    }

    /** Nothing goes from the one to the other any more. */
    void cut(String from, String to) {
        cuts.merge(from + ">" + to, 1, Integer::sum);
    }

    /** The cut between the two refuses connections, so that who tries to connect is told at once. */
    void refuse(String from, String to) {
        refusing.merge(from + ">" + to, 1, Integer::sum);
    }

    boolean refuses(String from, String to) {
        return refusing.containsKey(from + ">" + to);
    }

    /** Ends one cut of this way. */
    void heal(String from, String to) {
        cuts.computeIfPresent(from + ">" + to, (way, count) -> count == 1 ? null : count - 1);
        refusing.computeIfPresent(from + ">" + to, (way, count) -> count == 1 ? null : count - 1);
    }

    /** Ends all cuts. */
    void heal() {
        cuts.clear();
        refusing.clear();
        lagMs = 0;
    }

    /** What is sent to this member from now on takes up to so long; 0 ends it. */
    void lag(String to, int ms) {
        lagging = to;
        lagMs = ms;
    }

    boolean isCut(String from, String to) {
        return cuts.containsKey(from + ">" + to);
    }

    void send(SimNode from, String to, Message message) {
        Faults faults = simulation.faults();
        PeerId sender = from.id();
        if (faults.lateMs() > 0) {
            keep(sender, to, message);
        }
        boolean down = !simulation.node(to).running() || isCut(from.name(), to);
        if (down || random.nextDouble() < faults.loss()) {
            boolean arrives = message instanceof Message.Forward && !down && random.nextBoolean();
            if (arrives) {
                deliver(sender, to, message, 0);
            }
            if (message instanceof Message.Forward forward && (arrives || random.nextBoolean())) {
                // The connection breaks, and its owner notices.
                boolean handed = !down || random.nextBoolean();
                int incarnation = from.incarnation();
                simulation.after(random.nextInt(20_000), () -> {
                    if (from.is(incarnation)) {
                        from.input(new Input.Undelivered(forward.attempt(), handed));
                    }
                });
            }
            return;
        }
        deliver(sender, to, message, 0);
        // There are few snapshots, and much may go wrong with each.
        double duplication = faults.duplication() * (message instanceof Message.SnapshotPart ? 4 : 1);
        // A connection never carries a forwarded operation twice, and the core never sends one twice.
        if (!(message instanceof Message.Forward) && random.nextDouble() < duplication) {
            int latestMs = random.nextBoolean() ? faults.lateMs() : Math.min(faults.lateMs(), SOON_MS);
            deliver(sender, to, message, random.nextInt(latestMs * 1_000 + 1_000));
        }
    }

    private void keep(PeerId sender, String to, Message message) {
        int partition = switch (message) {
            case Message.Ack ack -> ack.partition();
            case Message.Append append -> append.partition();
            case Message.Stopped stopped -> stopped.partition();
            case Message.SnapshotPart part -> part.index() == 0 ? part.partition() : -1;
            default -> -1;
        };
        if (partition >= 0) {
            String what = way(partition, message.getClass().getSimpleName(), sender.name(), to);
            ArrayDeque<Kept> some = kept.computeIfAbsent(what, unknown -> new ArrayDeque<>());
            some.addLast(new Kept(sender, to, message));
            if (message instanceof Message.Ack && some.size() > KEPT_ACKS) {
                // Some old ones stay among the new.
                some.remove(List.copyOf(some).get(random.nextInt(some.size())));
            } else if (!(message instanceof Message.Ack) && some.size() > KEPT) {
                some.removeFirst();
            }
        }
    }

    /** Old messages of this partition arrive once more, very late. */
    void replay(int partition) {
        for (Map.Entry<String, ArrayDeque<Kept>> each : kept.entrySet()) {
            if (each.getKey().startsWith(partition + " ")) {
                for (Kept old : each.getValue()) {
                    if (random.nextBoolean()) {
                        deliver(old.sender(), old.to(), old.message(), random.nextInt(1_500_000));
                    }
                }
            }
        }
    }

    /** One old acknowledgement of this member arrives there once more. */
    void replayAcknowledgement(int partition, String by, String at) {
        List<Kept> some = new ArrayList<>(kept.getOrDefault(way(partition, "Ack", by, at), new ArrayDeque<>()));
        if (!some.isEmpty()) {
            Kept old = some.get(random.nextInt(some.size()));
            deliver(old.sender(), old.to(), old.message(), 0);
        }
    }

    private static String way(int partition, String kind, String from, String to) {
        return partition + " " + kind + from + ">" + to;
    }

    private void deliver(PeerId sender, String to, Message message, long laterUs) {
        Faults faults = simulation.faults();
        long delayUs = laterUs + 50L + random.nextInt(1_500);
        if (random.nextDouble() < faults.slow()) {
            delayUs += random.nextInt(faults.slowMs() * 1_000);
        }
        boolean lags = lagMs > 0 && to.equals(lagging);
        if (lags) {
            delayUs += random.nextInt(lagMs * 1_000);
        }
        simulation.after(delayUs, () -> {
            SimNode receiver = simulation.node(to);
            // A cut spares some of what is under way.
            if (receiver.running() && (lags || !isCut(sender.name(), to) || random.nextBoolean())) {
                simulation.logMessage(sender, to, message);
                receiver.input(new Input.Received(sender, message));
            }
        });
    }
}
