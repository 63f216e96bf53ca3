package dev.kvstore.core.sim;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Entry;
import dev.kvstore.core.data.Outcome;
import dev.kvstore.core.io.Input;
import dev.kvstore.core.io.Settings;
import dev.kvstore.core.message.Message;
import dev.kvstore.core.message.PeerId;
import dev.kvstore.core.ring.Assignment;
import dev.kvstore.core.ring.Desired;
import dev.kvstore.core.ring.Member;
import dev.kvstore.core.ring.Ring;
import dev.kvstore.core.ring.Slots;
import dev.kvstore.testkit.history.History;
import dev.kvstore.testkit.history.HistoryRecorder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One run of a cluster of cores on virtual time, from one seed. */
final class Simulation {
    /** Id of a cluster that was deleted before the run, some of whose disks were kept. */
    static final String DELETED = "deleted";

    private static final int PARTITIONS = 4;
    private static final int MAX_CALLS = 5_000;
    private static final int MAX_EVENTS = 300_000;
    private static final int CONVERGENCE_MS = 40_000;

    private final Scheduler scheduler = new Scheduler();
    private final Random random;
    private final Trace trace;
    private final Settings settings;
    private final SnapshotTable snapshots = new SnapshotTable();
    private final TreeMap<String, SimNode> nodes = new TreeMap<>();
    private final SimNetwork network;
    private final SimRegister register;
    private final Invariants invariants;
    private final Circumstances circumstances;
    private final Orders orders;
    private final Havoc havoc;
    private final Ambush ambush;
    private final HistoryRecorder recorder = new HistoryRecorder(MAX_CALLS);
    private final List<SimClient> clients = new ArrayList<>();
    private final List<SimClient> watchers = new ArrayList<>();
    private final Map<Long, SimClient> requests = new HashMap<>();
    private Desired desired;
    private final int keys;
    private final int wallSkewMs;
    private Faults faults;
    private boolean takesOperations = true;
    private long requestIds;
    private boolean wiped;

    Simulation(long seed, int keepLines) {
        this.random = new Random(seed * 0x9E3779B97F4A7C15L + 17);
        this.trace = new Trace(keepLines);
        this.faults = Faults.draw(random);
        this.circumstances = Circumstances.draw(seed, faults);
        int copies = 2 + random.nextInt(2);
        this.keys = random.nextInt(3) == 0 ? 1 + random.nextInt(2) : 3 + random.nextInt(6);
        this.settings = settings(random);
        this.wallSkewMs = random.nextInt(3) == 0 ? 1_500 : 100;
        this.network = new SimNetwork(this, new Random(random.nextLong()));
        this.register = new SimRegister(this, new Random(random.nextLong()));
        this.invariants = new Invariants(this);
        this.havoc = new Havoc(this, new Random(random.nextLong()));
        this.ambush = new Ambush(this, havoc, new Random(random.nextLong()));
        this.orders = new Orders(this, new Random(~seed));
        int members = 3 + random.nextInt(3);
        for (int i = 1; i <= members; i++) {
            nodes.put(
                    "n" + i,
                    new SimNode(
                            this, new Random(random.nextLong()), new Random(seed + i), "n" + i, zone(i), snapshots));
        }
        for (int i = 1; i <= 6; i++) {
            clients.add(new SimClient(this, new Random(random.nextLong()), "c" + i));
        }
        for (int i = 1; i <= 2; i++) {
            watchers.add(new SimClient(this, new Random(random.nextLong()), "w" + i));
        }
        clients.addAll(watchers);
        this.desired = new Desired(
                0,
                Map.of(),
                copies,
                PARTITIONS,
                circumstances.minInSync(),
                circumstances.replaceAfterMs(),
                Map.of(),
                false,
                circumstances.rebalance());
        log("seed " + seed + ": " + faults + ", " + circumstances);
        order(List.copyOf(nodes.keySet()), copies);
        if (circumstances.retainedDisk()) {
            retain(List.copyOf(nodes.values()).get((int) Math.floorMod(seed, (long) nodes.size())));
        }
    }

    /** Small bounds, so that a short run meets them: logs that do not reach back, caches that miss, windows that fill. */
    private static Settings settings(Random random) {
        Settings standard = Settings.DEFAULT;
        boolean small = random.nextBoolean();
        return new Settings(
                standard.heartbeatMs(),
                standard.leaseMs(),
                standard.graceMs(),
                standard.failureMs(),
                standard.refusedMs(),
                standard.resendMs(),
                standard.pauseMs(),
                1_000,
                standard.ringIntervalMs(),
                standard.firstRingWaitMs(),
                2_000,
                standard.sweepMs(),
                8,
                small ? 200 : standard.appendBytes(),
                small ? 600 : standard.windowBytes(),
                small ? 100 * random.nextInt(2) : standard.cacheBytes(),
                small ? 1_500 : standard.logRetainBytes(),
                small ? 3 : standard.closeEntries(),
                standard.steadyMs(),
                standard.warmUpMs(),
                // so few that some must wait for their turn
                2,
                standard.inFlightOps(),
                standard.inFlightBytes());
    }

    // ---- the run

    /**
     * Runs to the end.
     *
     * @param forMs how long faults go on, in virtual milliseconds
     */
    void run(long forMs) {
        nodes.values().forEach(SimNode::start);
        startClients();
        havoc.begin();
        steps(forMs);
        faults = Faults.NONE;
        log("faults end");
        network.heal();
        register.outage(false);
        for (SimNode node : nodes.values()) {
            node.pause(false);
            node.newRate();
            node.input(new Input.DiskRefuses(Input.DiskRefuses.What.NOTHING));
            if (!node.running()) {
                node.start();
            }
        }
        converge();
        if (circumstances.zones() > 0 && circumstances.minInSync() == 1) {
            goOnWithoutAZone();
        }
    }

    private void startClients() {
        clients.stream().filter(client -> !watchers.contains(client)).forEach(SimClient::start);
    }

    private void steps(long forMs) {
        long untilUs = scheduler.nowUs() + forMs * 1_000;
        // Every event checks what it touches.
        while (scheduler.step(untilUs)) {
            if (scheduler.executed() > MAX_EVENTS) {
                throw new Violation("more than " + MAX_EVENTS + " events: what should calm down does not");
            }
        }
    }

    private void converge() {
        long untilMs = scheduler.nowMs() + CONVERGENCE_MS;
        steps(3_000);
        takesOperations = false;
        String missing = missing();
        while (!missing.isEmpty()) {
            if (wiped) {
                orders.acceptLosses();
            }
            if (scheduler.nowMs() > untilMs) {
                throw new Violation("did not converge after the faults had ended: " + missing);
            }
            steps(250);
            missing = missing();
        }
        readAll();
        if (retained()) {
            checkRetained();
        }
    }

    /** What keeps the cluster from being whole, or nothing. */
    private String missing() {
        Ring ring = register.ring();
        if (ring == null) {
            return "no ring";
        }
        boolean anyLost = ring.partitions().stream().anyMatch(Assignment::lost);
        if (!anyLost && ring.members().size() != desired.memberCount()) {
            return "the ring names " + ring.members();
        }
        for (int i = 0; i < ring.partitions().size(); i++) {
            Assignment assignment = ring.partition(i);
            if (!assignment.complete() || !isAsWanted(assignment)) {
                return "partition " + i + " is " + assignment + " in ring " + ring.version();
            }
        }
        for (SimNode node : nodes.values()) {
            if (!node.running()) {
                return node.name() + " has drained and not started again yet";
            }
            if (!ring.equals(node.view().ring())) {
                return node.name() + " does not follow the newest ring";
            }
        }
        for (SimClient client : clients) {
            if (!client.idle()) {
                return "a client waits still";
            }
        }
        return "";
    }

    private boolean isAsWanted(Assignment assignment) {
        int copies = Math.min(desired.replicationFactor(), desired.memberCount());
        return assignment.replicas().size() == copies
                && assignment.inSync().size() == copies
                && desired.names().containsAll(assignment.inSync());
    }

    private void readAll() {
        for (int i = 0; i < keys; i++) {
            String key = "k" + i;
            for (SimNode node : nodes.values()) {
                if (!node.running()) {
                    continue;
                }
                SimClient reader = clients.getFirst();
                reader.read(node, key);
                for (int waitedMs = 0; waitedMs < 3_100 && !reader.idle(); waitedMs += 20) {
                    steps(20);
                }
                if (!reader.idle() || reader.refused()) {
                    throw new Violation("after the faults had ended " + node.name() + " does not answer for " + key);
                }
            }
        }
    }

    /** A zone goes and stays away while clients write: the others go on, if no partition had all its copies there. */
    private void goOnWithoutAZone() {
        Ring ring = register.ring();
        String zone = zone(1 + random.nextInt(circumstances.zones()));
        if (ring == null || !isSpared(ring, zone)) {
            return;
        }
        log("zone " + zone + " goes for good");
        // every client has come to its end before it begins again
        steps(1_000);
        takesOperations = true;
        startClients();
        steps(1_000);
        nodes.values().stream().filter(node -> node.zone().equals(zone)).forEach(SimNode::crash);
        long untilMs = scheduler.nowMs() + CONVERGENCE_MS;
        for (Ring now = ring; !isServed(now); now = register.ring()) {
            if (scheduler.nowMs() > untilMs) {
                throw new Violation("without zone " + zone + " nobody serves all partitions of ring " + now);
            }
            steps(250);
        }
        takesOperations = false;
        // until everybody has heard of it, and no client waits any longer
        steps(5_000);
        readAll();
    }

    private boolean isSpared(Ring ring, String zone) {
        long left = ring.members().stream()
                .filter(member -> !node(member.name()).zone().equals(zone))
                .count();
        return left * 2 >= ring.members().size()
                && ring.partitions().stream()
                        .allMatch(partition -> partition.inSync().stream()
                                .anyMatch(member -> !node(member).zone().equals(zone)));
    }

    private boolean isServed(@Nullable Ring ring) {
        return ring != null
                && ring.partitions().stream()
                        .allMatch(partition -> node(partition.primary()).running());
    }

    private void checkRetained() {
        Ring ring = register.ring();
        for (int i = 0; ring != null && i < ring.partitions().size(); i++) {
            Assignment assignment = ring.partition(i);
            for (String name : assignment.inSync()) {
                if (assignment.losses() == 0 && !node(name).disk().data(i).containsKey(SimDisk.RETAINED_KEY)) {
                    throw new Violation(name + " lacks in partition " + i + " what the deleted cluster's disk held");
                }
            }
        }
    }

    static int partitionOf(String key) {
        return Slots.partitionOf(Bytes.utf8(key), PARTITIONS);
    }

    // ---- what nodes, network, register and clients ask

    long nowUs() {
        return scheduler.nowUs();
    }

    long nowMs() {
        return scheduler.nowMs();
    }

    void after(long delayUs, Runnable action) {
        scheduler.after(delayUs, action);
    }

    Faults faults() {
        return faults;
    }

    /** How far a wall clock is at most from the true time, in milliseconds. */
    int wallSkewMs() {
        return wallSkewMs;
    }

    Settings settings() {
        return settings;
    }

    Desired desired() {
        return desired;
    }

    /** Another order: these members, so many copies. */
    void order(List<String> names, int copies) {
        Map<String, String> members = new TreeMap<>();
        names.forEach(name -> members.put(name, ""));
        log("wanted: " + copies + " copies on " + names);
        order(new Desired(
                members.size(),
                members,
                copies,
                PARTITIONS,
                desired.minInSync(),
                desired.replaceAfterMs(),
                desired.acceptLoss(),
                desired.unsafeRestore(),
                desired.rebalance()));
    }

    /** The same members and copies, with these losses accepted, and a lost ring put back without asking everybody or not. */
    void order(Map<Integer, Long> acceptLoss, boolean unsafeRestore) {
        log("accepted: " + acceptLoss + (unsafeRestore ? ", and an unsafe restore" : ""));
        order(new Desired(
                desired.memberCount(),
                desired.members(),
                desired.replicationFactor(),
                PARTITIONS,
                desired.minInSync(),
                desired.replaceAfterMs(),
                acceptLoss,
                unsafeRestore,
                desired.rebalance()));
    }

    private void order(Desired other) {
        desired = other;
        nodes.values().forEach(node -> node.input(new Input.DesiredIs(desired)));
    }

    private String zone(int number) {
        return circumstances.zones() == 0 ? "" : "z" + number % circumstances.zones();
    }

    /** One member's disk is of a cluster that was deleted: no new one may be made while that can be read. */
    private void retain(SimNode node) {
        List<Member> members = new ArrayList<>();
        for (String name : nodes.keySet()) {
            String store = name.equals(node.name()) ? node.disk().storeId() : name + "-gone";
            members.add(new Member(name, store, 1, "", name + ":8001", name + ":18001", "", false));
        }
        List<String> alone = List.of(node.name());
        Assignment assignment = new Assignment(3, node.name(), 2, alone, alone, false, 0);
        node.disk().retain(new Ring(DELETED, 7, members, Collections.nCopies(PARTITIONS, assignment)));
        log(node.name() + " has a disk of a deleted cluster");
    }

    /** Whether a disk of a deleted cluster was there at the start. */
    boolean retained() {
        return circumstances.retainedDisk();
    }

    Circumstances circumstances() {
        return circumstances;
    }

    Orders orders() {
        return orders;
    }

    /** What clients did and saw, but for the keys of partitions whose loss was accepted. */
    History history() {
        Ring ring = register.ring();
        return new History(recorder.history().calls().stream()
                .filter(call ->
                        ring == null || ring.partition(partitionOf(call.key())).losses() == 0)
                .toList());
    }

    Iterable<String> names() {
        return nodes.keySet();
    }

    SimNode node(String name) {
        SimNode node = nodes.get(name);
        if (node == null) {
            throw new IllegalArgumentException("no node " + name);
        }
        return node;
    }

    List<SimNode> nodes() {
        return List.copyOf(nodes.values());
    }

    /** Has a member read at one member and written at another for a while, in quick succession. */
    void watch(SimNode readAt, SimNode writeAt, int partition, int forMs) {
        String key = watched(partition);
        long untilMs = nowMs() + forMs;
        watchers.getFirst().watch(readAt, key, true, untilMs, Integer.MAX_VALUE);
        watchers.getLast().watch(writeAt, key, false, untilMs, Integer.MAX_VALUE);
    }

    /** Has so many writes tried at a member. */
    void writeSome(SimNode at, int partition, int writes) {
        watchers.getLast().watch(at, watched(partition), false, nowMs() + 1_000, writes);
    }

    private static String watched(int partition) {
        String key = "watched" + partition;
        for (int i = 0; partitionOf(key) != partition; i++) {
            key = "watched" + i;
        }
        return key;
    }

    String anyName(Random dice) {
        return List.copyOf(nodes.keySet()).get(dice.nextInt(nodes.size()));
    }

    @Nullable
    SimNode anyRunning(Random dice) {
        List<SimNode> running = nodes.values().stream().filter(SimNode::running).toList();
        return running.isEmpty() ? null : running.get(dice.nextInt(running.size()));
    }

    Ambush ambush() {
        return ambush;
    }

    SimNetwork network() {
        return network;
    }

    SimRegister register() {
        return register;
    }

    SnapshotTable snapshots() {
        return snapshots;
    }

    HistoryRecorder recorder() {
        return recorder;
    }

    int keys() {
        return keys;
    }

    boolean takesOperations() {
        return takesOperations && recorder.size() < MAX_CALLS - 500;
    }

    long nextRequest(SimClient client) {
        requests.put(++requestIds, client);
        return requestIds;
    }

    void replied(SimNode node, long request, Outcome outcome) {
        SimClient client = requests.remove(request);
        if (client != null) {
            if (outcome instanceof Outcome.Written written && client.key() != null) {
                invariants.acknowledged(partitionOf(client.key()), written.version());
            }
            client.answered(request, outcome);
        }
    }

    void clientsOf(SimNode node) {
        clients.forEach(client -> client.crashed(node));
    }

    void applied(SimNode node, int partition, List<Entry> entries) {
        trace.add(nowUs(), 5, () -> node.name() + " applies " + partition + ": " + entries);
        invariants.applied(node.name(), partition, entries);
    }

    /** A member has more on disk, perhaps a ring. */
    void synced(SimNode node) {
        Ring ring = node.disk().synced().ring;
        if (ring != null) {
            invariants.ringFollowed(node.name(), ring);
        }
    }

    void ringProposed(@Nullable Ring before, Ring after) {
        if (before != null) {
            ambush.ringProposed(before, after);
        }
    }

    void ringWritten(Ring ring) {
        trace.add(nowUs(), 6, () -> "ring " + ring.version() + ": " + ring.partitions());
        invariants.ringWritten(ring);
        List<Ring> all = register.written();
        if (all.size() > 1) {
            ambush.ringWritten(all.get(all.size() - 2), ring);
        }
    }

    void wiped() {
        wiped = true;
    }

    void log(String text) {
        trace.add(nowUs(), text.hashCode(), () -> text);
    }

    void trace(int code, Supplier<String> text) {
        trace.add(nowUs(), code, text);
    }

    void logMessage(PeerId from, String to, Message message) {
        trace.add(nowUs(), 7, () -> from.name() + "." + from.boot() + " > " + to + ": " + message);
    }

    Trace trace() {
        return trace;
    }

    long events() {
        return scheduler.executed();
    }

    /** Tells a node that its peer refuses connections. */
    void refuse(SimNode node, String peer) {
        node.input(new Input.PeerRefused(peer));
    }
}
