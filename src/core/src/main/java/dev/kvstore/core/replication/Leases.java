package dev.kvstore.core.replication;

import dev.kvstore.core.ring.Assignment;
import dev.kvstore.core.ring.Ring;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Read leases, both sides of them: which of my heartbeats others have acknowledged, and which of theirs I have. A lease is
 * between two members and serves all partitions; what it is worth for a partition depends on the ring under which it was
 * acknowledged (leader leases as in Gray and Cheriton 1989, on clock rates alone).
 */
public final class Leases {
    private record Sent(long id, long atMs) {}

    /** The newest acknowledgement of a member: which moment it covers, under which ring it was given, by which store. */
    private record Held(long sentAtMs, long ringVersion, String storeId) {}

    private static final ArrayDeque<Sent> NONE_SENT = new ArrayDeque<>();

    private final long leaseMs;
    private final long graceMs;
    private final long startMs;
    private final Map<String, ArrayDeque<Sent>> sent = new HashMap<>();
    private final Map<String, Held> held = new HashMap<>();
    private final Map<String, Long> lastGrantMs = new HashMap<>();
    /** For each partition, until when each former primary may hold a lease that I granted. */
    private final Map<Integer, Map<String, Long>> bound = new HashMap<>();

    /** Leases of a member that started at this monotonic time. */
    public Leases(long leaseMs, long graceMs, long startMs) {
        this.leaseMs = leaseMs;
        this.graceMs = graceMs;
        this.startMs = startMs;
    }

    /** A heartbeat leaves for a member. */
    public void sent(String to, long id, long nowMs) {
        ArrayDeque<Sent> pending = sent.computeIfAbsent(to, name -> new ArrayDeque<>());
        pending.addLast(new Sent(id, nowMs));
        while (pending.getFirst().atMs() + leaseMs < nowMs) {
            pending.removeFirst();
        }
    }

    /** When a heartbeat left for a member, -1 if that is not known any more. */
    public long sentMs(String to, long id) {
        for (Sent each : sent.getOrDefault(to, NONE_SENT)) {
            if (each.id() == id) {
                return each.atMs();
            }
        }
        return -1;
    }

    /**
     * A member acknowledged a heartbeat.
     *
     * @param ringVersion of the member's ring at that time
     * @param ownVersion of mine; an acknowledgement under a newer ring counts for nothing
     */
    public void acknowledged(String by, String storeId, long id, long ringVersion, long ownVersion) {
        ArrayDeque<Sent> pending = sent.get(by);
        if (pending == null || ringVersion > ownVersion) {
            return;
        }
        if (sentMs(by, id) < 0) {
            // Too old, or of a former process of mine.
            return;
        }
        while (!pending.isEmpty() && pending.getFirst().id() <= id) {
            Sent each = pending.removeFirst();
            if (each.id() == id) {
                held.put(by, new Held(each.atMs(), ringVersion, storeId));
            }
        }
    }

    /** Whether the member's lease holds for a partition whose primary I am since this version of the ring. */
    public boolean holds(String member, String storeId, long since, long nowMs) {
        Held lease = held.get(member);
        return lease != null
                && lease.ringVersion() >= since
                && lease.storeId().equals(storeId)
                && nowMs - lease.sentAtMs() < leaseMs;
    }

    /** I acknowledge a heartbeat of a member now, for the first time. */
    public void granted(String to, long nowMs) {
        lastGrantMs.put(to, nowMs);
    }

    /** The ring that I act on changes: what I granted to a primary that it replaces binds me for a while. */
    public void ringChanged(Ring before, Ring after) {
        for (int i = 0; i < before.partitions().size(); i++) {
            Assignment old = before.partition(i);
            Assignment now = after.partition(i);
            Long grant = lastGrantMs.get(old.primary());
            if (grant != null && (!old.primary().equals(now.primary()) || old.since() != now.since())) {
                bound.computeIfAbsent(i, partition -> new HashMap<>()).merge(old.primary(), grant + graceMs, Math::max);
            }
        }
    }

    /** A former primary of the partition has stopped, and with it every lease that I granted it. */
    public void stopped(int partition, String former) {
        Map<String, Long> granted = bound.get(partition);
        if (granted != null) {
            granted.remove(former);
        }
    }

    /** The monotonic time before which I must not serve the partition. */
    public long graceEndsMs(int partition) {
        long ends = startMs + graceMs;
        for (long each : bound.getOrDefault(partition, Map.of()).values()) {
            ends = Math.max(ends, each);
        }
        return ends;
    }
}
