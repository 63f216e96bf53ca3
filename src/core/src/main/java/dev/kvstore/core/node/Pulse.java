package dev.kvstore.core.node;

import dev.kvstore.core.io.Settings;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** When which heartbeat is due, and which ring was offered to whom. */
final class Pulse {
    private static final long NUDGE_MS = 20;

    private final Settings settings;
    private final Set<String> nudged = new HashSet<>();
    private final Map<String, Long> sentMs = new HashMap<>();
    private final Map<String, Long> remindedMs = new HashMap<>();
    private final Map<String, Long> lastReceived = new HashMap<>();
    private final Map<String, Long> lastAcked = new HashMap<>();
    private final Map<String, Long> offeredVersion = new HashMap<>();
    private final Map<String, Long> offeredMs = new HashMap<>();
    private long ids;

    /**
     * No heartbeat is due yet.
     *
     * @param firstId numbers of heartbeats grow from here; no other process of this member may have used them, or else an
     *     acknowledgement of a dead one's would pass for one of this process's
     */
    Pulse(Settings settings, long firstId) {
        this.settings = settings;
        this.ids = firstId;
    }

    /** A heartbeat to this member should not wait for its turn. */
    void nudge(String member) {
        nudged.add(member);
    }

    /** The same, because something seems not to have reached it: not again before a heartbeat had its chance. */
    void remind(String member, long nowMs) {
        if (nowMs - remindedMs.getOrDefault(member, Long.MIN_VALUE / 2) >= settings.heartbeatMs()) {
            remindedMs.put(member, nowMs);
            nudged.add(member);
        }
    }

    /** Whether a heartbeat to the member is due; nudges are answered soon, but not each. */
    boolean due(String member, long nowMs) {
        long sinceMs = nowMs - sentMs.getOrDefault(member, Long.MIN_VALUE / 2);
        return sinceMs >= settings.heartbeatMs() || (sinceMs >= NUDGE_MS && nudged.contains(member));
    }

    /** The number of the heartbeat that goes to the member now. */
    long next(String member, long nowMs) {
        nudged.remove(member);
        sentMs.put(member, nowMs);
        return ++ids;
    }

    void received(String member, long id) {
        lastReceived.put(member, id);
    }

    /** The member has begun anew: what its former process sent is not acknowledged any more. */
    void forget(String member) {
        lastReceived.remove(member);
        lastAcked.remove(member);
    }

    /** The heartbeat of the member to acknowledge, 0 for none. */
    long toAcknowledge(String member) {
        return lastReceived.getOrDefault(member, 0L);
    }

    /** Whether this heartbeat is acknowledged for the first time. */
    boolean firstAcknowledgement(String member, long id) {
        Long before = lastAcked.put(member, id);
        return before == null || before != id;
    }

    /** Whether to hand the member this version of the ring: once, and again when it seems not to have arrived. */
    boolean offers(String member, long version, long nowMs) {
        boolean again = offeredVersion.getOrDefault(member, 0L) != version
                || nowMs - offeredMs.getOrDefault(member, Long.MIN_VALUE / 2) >= settings.heartbeatMs();
        if (again) {
            offeredVersion.put(member, version);
            offeredMs.put(member, nowMs);
        }
        return again;
    }
}
