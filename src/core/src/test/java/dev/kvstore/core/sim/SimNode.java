package dev.kvstore.core.sim;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Entry;
import dev.kvstore.core.data.Outcome;
import dev.kvstore.core.data.Stored;
import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Input;
import dev.kvstore.core.io.Self;
import dev.kvstore.core.io.Time;
import dev.kvstore.core.io.View;
import dev.kvstore.core.message.PeerId;
import dev.kvstore.core.node.NodeCore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One member of the simulated cluster: a core, its disk, its clock, and whoever carries out its effects. */
final class SimNode {
    private static final int TICK_US = 50_000;
    private static final int SNAPSHOT_PART_KEYS = 1;
    private static final int INSTALLS_PER_REFUSAL = 200;

    private record Snapshot(List<Bytes> parts) {}

    private final Simulation simulation;
    private final Random random;
    /** Of its own, so that runs without snapshots do not depend on it. */
    private final Random installing;

    private final String name;
    private final String zone;
    private final SimDisk disk;
    private final Map<Long, Snapshot> snapshots = new HashMap<>();
    private @Nullable NodeCore core;
    private @Nullable PeerId id;
    private int incarnation;
    private boolean paused;
    private final List<Input> missed = new ArrayList<>();
    private double rate = 1;
    private long rateSinceUs;
    private double monoUs;
    private long wallSkewMs;
    private boolean syncing;
    private long persistedId;
    private boolean leads;
    private long renewedMs;
    private long outUntilMs;
    private String seenToken = "none";

    SimNode(Simulation simulation, Random random, Random installing, String name, String zone, SnapshotTable table) {
        this.simulation = simulation;
        this.random = random;
        this.installing = installing;
        this.name = name;
        this.zone = zone;
        this.disk = new SimDisk(name + "-store-0", table);
        this.wallSkewMs = (long) random.nextInt(2 * simulation.wallSkewMs()) - simulation.wallSkewMs();
    }

    String name() {
        return name;
    }

    String zone() {
        return zone;
    }

    SimDisk disk() {
        return disk;
    }

    boolean running() {
        return core != null;
    }

    boolean paused() {
        return paused;
    }

    int incarnation() {
        return incarnation;
    }

    boolean is(int number) {
        return core != null && incarnation == number;
    }

    boolean believesToLead() {
        return leads;
    }

    void renewed(long nowMs) {
        renewedMs = nowMs;
    }

    long renewedMs() {
        return renewedMs;
    }

    long staysOutUntilMs() {
        return outUntilMs;
    }

    String seenToken() {
        return seenToken;
    }

    void seenToken(String token) {
        seenToken = token;
    }

    PeerId id() {
        PeerId known = id;
        if (known == null) {
            throw new IllegalStateException(name + " does not run");
        }
        return known;
    }

    View view() {
        NodeCore running = core;
        if (running == null) {
            throw new IllegalStateException(name + " does not run");
        }
        return running.view();
    }

    // ---- life

    void start() {
        incarnation++;
        paused = false;
        missed.clear();
        syncing = false;
        persistedId = 0;
        snapshots.clear();
        leads = false;
        seenToken = "none";
        outUntilMs = 0;
        rate = drawRate();
        var recovered = disk.start();
        simulation.synced(this);
        id = new PeerId(name, recovered.storeId(), recovered.boot());
        core = new NodeCore(
                new Self(name, recovered.storeId() + "-" + recovered.boot(), name + ":8001", name + ":18001", zone),
                simulation.settings(),
                recovered,
                "cluster-" + name + "-" + incarnation,
                time());
        simulation.log(name + " starts as boot " + recovered.boot() + " with " + recovered.storeId());
        input(new Input.DesiredIs(simulation.desired()));
        for (String peer : simulation.names()) {
            if (!peer.equals(name)) {
                input(new Input.PeerSeen(peer));
            }
        }
        simulation.register().attach(this);
        tick(incarnation);
    }

    private void startIfDown() {
        if (core == null) {
            start();
        }
    }

    /** The process dies at once. */
    void crash() {
        if (core != null) {
            simulation.log(name + " crashes");
            core = null;
            id = null;
            disk.crash(random);
            simulation.clientsOf(this);
        }
    }

    /** The process does not run for a while; what arrives waits. */
    void pause(boolean begins) {
        if (begins) {
            paused = true;
        } else if (paused) {
            paused = false;
            List<Input> late = List.copyOf(missed);
            missed.clear();
            if (core != null && !late.isEmpty()) {
                step(late);
            }
        }
    }

    void newRate() {
        time();
        rate = drawRate();
    }

    /** The clock goes as fast, or as slowly, as is tolerated. */
    void extremeRate(boolean fast) {
        time();
        rate = 1 + (fast ? 1 : -1) * simulation.faults().drift();
    }

    /** Mostly as fast or as slow as is tolerated, since that is what matters. */
    private double drawRate() {
        double deviation = random.nextInt(5) == 0 ? random.nextDouble() * 2 - 1 : random.nextInt(2) * 2 - 1;
        return 1 + deviation * simulation.faults().drift();
    }

    Time time() {
        long nowUs = simulation.nowUs();
        monoUs += (nowUs - rateSinceUs) * rate;
        rateSinceUs = nowUs;
        return new Time((long) (monoUs / 1_000), nowUs / 1_000 + 1_000_000 + wallSkewMs);
    }

    private void tick(int number) {
        if (is(number)) {
            if (!paused) {
                input(new Input.Tick());
            }
            simulation.after((long) (TICK_US / rate), () -> tick(number));
        }
    }

    void input(Input input) {
        if (core == null) {
            return;
        }
        if (input instanceof Input.LeaderIs leader) {
            leads = name.equals(leader.name());
        }
        if (paused) {
            missed.add(input);
        } else {
            step(List.of(input));
        }
    }

    private void step(List<Input> inputs) {
        NodeCore running = core;
        if (running == null) {
            return;
        }
        for (Effect effect : running.on(inputs, time())) {
            carryOut(effect);
        }
    }

    // ---- effects

    private void later(long maxUs, Runnable action) {
        int number = incarnation;
        simulation.after(random.nextInt((int) maxUs), () -> {
            if (is(number)) {
                action.run();
            }
        });
    }

    private void carryOut(Effect effect) {
        switch (effect) {
            case Effect.Send send -> simulation.network().send(this, send.to(), send.message());
            case Effect.Persist persist -> {
                disk.write(persist.writes());
                persistedId = persist.id();
                sync();
            }
            case Effect.Apply apply -> {
                simulation.applied(this, apply.partition(), apply.entries());
                later(2_000, () -> applyNow(apply.partition(), apply.entries()));
            }
            case Effect.Lookup lookup ->
                later(
                        1_000,
                        () -> input(new Input.LookedUp(
                                lookup.id(), disk.data(lookup.partition()).get(lookup.key()))));
            case Effect.ScanRange scan -> later(3_000, () -> scan(scan));
            case Effect.FindExpired find -> later(3_000, () -> findExpired(find));
            case Effect.ReadLog read -> later(3_000, () -> readLog(read));
            case Effect.OpenSnapshot open -> later(3_000, () -> openSnapshot(open));
            case Effect.ReadSnapshot read -> later(3_000, () -> readSnapshot(read));
            case Effect.CloseSnapshot close -> snapshots.remove(close.snapshotId());
            case Effect.InstallPart part -> installLater(part, part.last() ? 30_000 : 3_000);
            case Effect.Reply reply -> simulation.replied(this, reply.id(), reply.outcome());
            case Effect.ProposeRing proposal -> simulation.register().propose(this, proposal);
            case Effect.Resign resign -> {
                outUntilMs = simulation.nowMs() + resign.forMs();
                input0(new Input.LeaderIs(null));
            }
            // The process ends, and whoever runs it starts it again.
            case Effect.Drained done ->
                later(50_000, () -> {
                    crash();
                    simulation.after(random.nextInt(1_500_000), this::startIfDown);
                });
            case Effect.Notice notice ->
                simulation.log(name + " " + notice.level() + " " + notice.code() + ": " + notice.text());
        }
    }

    private void input0(Input input) {
        later(1, () -> input(input));
    }

    private void applyNow(int partition, List<Entry> entries) {
        // Applies of a partition take place in order, whatever the dice say.
        if (entries.getFirst().seq() != disk.live().copy(partition).applied.seq() + 1) {
            later(500, () -> applyNow(partition, entries));
            return;
        }
        disk.apply(partition, entries);
        input(new Input.Applied(partition, entries.getLast().seq()));
    }

    private void installLater(Effect.InstallPart part, int maxUs) {
        int number = incarnation;
        simulation.after(installing.nextInt(maxUs), () -> {
            if (is(number)) {
                install(part);
            }
        });
    }

    private void install(Effect.InstallPart part) {
        if (disk.awaits(part)) {
            if (installing.nextInt(INSTALLS_PER_REFUSAL) == 0) {
                disk.refuse(part);
                input(new Input.InstallRefused(part.partition(), part.install(), "chance"));
                return;
            }
            disk.install(part);
            simulation.synced(this);
            input(new Input.PartInstalled(part.partition(), part.install(), part.index()));
        } else if (!disk.ended(part)) {
            // the parts take their turns, whatever the dice say
            installLater(part, 500);
        }
    }

    private void sync() {
        if (syncing) {
            return;
        }
        syncing = true;
        long covers = persistedId;
        int writes = disk.unsynced();
        int number = incarnation;
        long delayUs = random.nextInt(50) == 0
                ? random.nextInt(simulation.faults().slowSyncMs() * 1_000)
                : 100 + random.nextInt(3_000);
        if (delayUs > 200_000) {
            simulation.ambush().slowSync(this);
        }
        simulation.after(delayUs, () -> {
            if (is(number)) {
                disk.sync(writes);
                simulation.synced(this);
                syncing = false;
                input(new Input.Persisted(covers));
                if (persistedId > covers) {
                    sync();
                }
            }
        });
    }

    private void scan(Effect.ScanRange scan) {
        List<Outcome.Item> items = new ArrayList<>();
        boolean more = false;
        for (Map.Entry<Bytes, Stored> each : disk.data(scan.partition()).entrySet()) {
            Bytes after = scan.after();
            if (each.getKey().startsWith(scan.prefix())
                    && (after == null || each.getKey().compareTo(after) > 0)) {
                if (items.size() == scan.limit()) {
                    more = true;
                    break;
                }
                items.add(new Outcome.Item(each.getKey(), each.getValue()));
            }
        }
        input(new Input.Scanned(scan.id(), new Outcome.Page(items, more)));
    }

    private void findExpired(Effect.FindExpired find) {
        List<Bytes> keys = new ArrayList<>();
        disk.data(find.partition()).forEach((key, stored) -> {
            if (stored.expiredAt(find.wallMs()) && keys.size() < find.limit()) {
                keys.add(key);
            }
        });
        input(new Input.ExpiredFound(find.partition(), keys));
    }

    private void readLog(Effect.ReadLog read) {
        List<Entry> entries = new ArrayList<>();
        int bytes = 0;
        for (Entry entry : disk.live().copy(read.partition()).log) {
            if (entry.seq() >= read.fromSeq() && bytes < read.maxBytes()) {
                entries.add(entry);
                bytes += entry.sizeBytes();
            }
        }
        if (!entries.isEmpty() && entries.getFirst().seq() != read.fromSeq()) {
            entries.clear();
        }
        input(new Input.LogRead(read.partition(), read.forPeer(), read.fromSeq(), entries));
    }

    private void openSnapshot(Effect.OpenSnapshot open) {
        SimDisk.Copy copy = disk.live().copy(open.partition());
        List<Bytes> parts = new ArrayList<>();
        TreeMap<Bytes, Stored> part = new TreeMap<>();
        for (Map.Entry<Bytes, Stored> each : copy.data.entrySet()) {
            part.put(each.getKey(), each.getValue());
            if (part.size() == SNAPSHOT_PART_KEYS) {
                parts.add(simulation.snapshots().add(part));
                part.clear();
            }
        }
        parts.add(simulation.snapshots().add(part));
        snapshots.put(open.snapshotId(), new Snapshot(parts));
        input(new Input.SnapshotOpened(open.partition(), open.snapshotId(), copy.applied));
    }

    private void readSnapshot(Effect.ReadSnapshot read) {
        Snapshot snapshot = snapshots.get(read.snapshotId());
        if (snapshot != null) {
            boolean last = read.index() == snapshot.parts().size() - 1;
            if (read.index() < snapshot.parts().size()) {
                input(new Input.SnapshotRead(
                        read.partition(),
                        read.snapshotId(),
                        read.index(),
                        snapshot.parts().get(read.index()),
                        last));
            }
        }
    }
}
