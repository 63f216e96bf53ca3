package dev.kvstore.core.node;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Operation;
import dev.kvstore.core.data.Outcome;
import dev.kvstore.core.data.Stored;
import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Input;
import dev.kvstore.core.io.Recovered;
import dev.kvstore.core.io.Self;
import dev.kvstore.core.io.Settings;
import dev.kvstore.core.io.Time;
import dev.kvstore.core.leader.Leader;
import dev.kvstore.core.leader.Sightings;
import dev.kvstore.core.message.Message;
import dev.kvstore.core.message.PeerId;
import dev.kvstore.core.replication.Host;
import dev.kvstore.core.replication.Leases;
import dev.kvstore.core.ring.Desired;
import dev.kvstore.core.ring.Ring;
import java.util.LinkedHashSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the parts of a member share: who it is, its clocks, its ring, and the services that its replicas ask for. */
final class Member implements Host {
    private static final int HAND_OVERS = 8;

    private final Self self;
    private final Settings settings;
    private final Recovered recovered;
    private final PeerId peerId;
    private final Outbox outbox;
    private final RingKeeper rings;
    private final Leases leases;
    private final Sightings sightings;
    private final Leader leader;
    private final TreeSet<Integer> touched = new TreeSet<>();
    private final TreeSet<String> toRemind = new TreeSet<>();
    private final Allowance allowance = new Allowance();
    private Time now;
    private boolean reportNews;
    private Input.DiskRefuses.What diskRefuses = Input.DiskRefuses.What.NOTHING;
    private boolean draining;
    private int snapshots;
    /** The partitions that want to send a snapshot, in the order in which they asked. */
    private final LinkedHashSet<Integer> awaitingSnapshot = new LinkedHashSet<>();

    private int handOvers;

    /**
     * A member that starts.
     *
     * @param ringChanged is told the ring before and after every change
     */
    Member(
            Self self,
            Settings settings,
            Recovered recovered,
            String nonce,
            Time now,
            BiConsumer<@Nullable Ring, Ring> ringChanged) {
        this.self = self;
        this.settings = settings;
        this.recovered = recovered;
        this.now = now;
        this.peerId = new PeerId(self.name(), recovered.storeId(), recovered.boot());
        this.outbox = new Outbox(nonce);
        this.rings = new RingKeeper(outbox, recovered.ring(), ringChanged);
        this.leases = new Leases(settings.leaseMs(), settings.graceMs(), now.monoMs());
        this.sightings = new Sightings(settings, now.monoMs());
        this.leader = new Leader(self.name(), settings, sightings, nonce, outbox::add);
    }

    // ---- the member

    Self who() {
        return self;
    }

    PeerId peerId() {
        return peerId;
    }

    Recovered recovered() {
        return recovered;
    }

    Outbox outbox() {
        return outbox;
    }

    RingKeeper rings() {
        return rings;
    }

    Sightings sightings() {
        return sightings;
    }

    Leader leader() {
        return leader;
    }

    void time(Time time) {
        now = time;
    }

    void diskRefuses(Input.DiskRefuses refuses) {
        diskRefuses = refuses.what();
        reportNews = true;
    }

    void draining(boolean drains) {
        draining = drains;
        reportNews = true;
    }

    @Nullable
    Ring ringOrNull() {
        return rings.current();
    }

    String clusterId() {
        Ring ring = rings.current();
        return ring == null ? recovered.clusterId() : ring.clusterId();
    }

    /** Whether the disk holds nothing of any cluster. */
    boolean emptyDisk() {
        return clusterId().isEmpty() && recovered.copies().isEmpty();
    }

    /** The partitions that have changed since this was asked last. */
    Iterable<Integer> takeTouched() {
        TreeSet<Integer> taken = new TreeSet<>(touched);
        touched.clear();
        return taken;
    }

    /** Whether the report has changed since this was asked last. */
    boolean takeReportNews() {
        boolean taken = reportNews;
        reportNews = false;
        return taken;
    }

    /** The members that seem to act on another ring, since this was asked last. */
    Iterable<String> takeReminders() {
        TreeSet<String> taken = new TreeSet<>(toRemind);
        toRemind.clear();
        return taken;
    }

    // ---- what replicas ask for

    @Override
    public String self() {
        return self.name();
    }

    @Override
    public long boot() {
        return recovered.boot();
    }

    @Override
    public Settings settings() {
        return settings;
    }

    @Override
    public Time now() {
        return now;
    }

    @Override
    public Ring ring() {
        Ring ring = rings.current();
        if (ring == null) {
            throw new IllegalStateException("no ring yet");
        }
        return ring;
    }

    @Override
    public Leases leases() {
        return leases;
    }

    @Override
    public boolean recognised() {
        Ring ring = rings.current();
        return ring != null && ring.knows(self.name(), recovered.storeId());
    }

    @Override
    public void disagreed(String member) {
        toRemind.add(member);
    }

    @Override
    public long attentiveSinceMs() {
        return sightings.attentiveSinceMs();
    }

    @Override
    public boolean hears(String member) {
        return sightings.hears(member, now.monoMs());
    }

    @Override
    public void slow(String member) {
        sightings.slow(member, now.monoMs());
    }

    @Override
    public boolean isSteady(String member) {
        return sightings.isSteady(member, now.monoMs());
    }

    @Override
    public boolean couldReign(String other) {
        return !other.equals(self()) && hears(other) && !sightings.isUnfit(other);
    }

    @Override
    public boolean led() {
        return leader.isKnown();
    }

    @Override
    public boolean diskRefuses() {
        return diskRefuses != Input.DiskRefuses.What.NOTHING;
    }

    @Override
    public boolean diskFails() {
        return diskRefuses == Input.DiskRefuses.What.EVERYTHING;
    }

    @Override
    public boolean draining() {
        return draining;
    }

    @Override
    public int minInSync() {
        Desired desired = leader.desired();
        return desired == null ? 1 : desired.minInSync();
    }

    @Override
    public void send(String to, Message message) {
        outbox.send(to, message);
    }

    @Override
    public void persist(Effect.Write write, Runnable then) {
        outbox.persist(write, then);
    }

    @Override
    public void effect(Effect effect) {
        outbox.add(effect);
    }

    @Override
    public void touched(int partition) {
        touched.add(partition);
    }

    @Override
    public long nextId() {
        return outbox.nextId();
    }

    @Override
    public void lookup(int partition, Bytes key, Consumer<@Nullable Stored> then) {
        outbox.lookup(partition, key, stored -> {
            then.accept(stored);
            touched.add(partition);
        });
    }

    @Override
    public void scan(Operation.Scan scan, Consumer<Outcome.Page> then) {
        outbox.scan(scan, page -> {
            then.accept(page);
            touched.add(scan.partition());
        });
    }

    @Override
    public boolean snapshotFree() {
        return snapshots < settings.snapshots();
    }

    @Override
    public boolean beginSnapshot(int partition) {
        if (snapshotFree()) {
            snapshots++;
            awaitingSnapshot.remove(partition);
            return true;
        }
        awaitingSnapshot.add(partition);
        return false;
    }

    @Override
    public void endSnapshot() {
        snapshots--;
        if (!awaitingSnapshot.isEmpty()) {
            touched.add(awaitingSnapshot.removeFirst());
        }
    }

    @Override
    public boolean mayTransfer() {
        Desired desired = leader.desired();
        return allowance.isOpen(desired == null ? 0 : desired.rebalance().maxBytesPerSecond(), now.monoMs());
    }

    @Override
    public void transferred(long bytes) {
        allowance.spend(bytes);
    }

    @Override
    public boolean beginHandOver() {
        boolean free = handOvers < HAND_OVERS;
        handOvers += free ? 1 : 0;
        return free;
    }

    @Override
    public void endHandOver() {
        handOvers--;
    }

    @Override
    public void reportChanged() {
        reportNews = true;
    }
}
