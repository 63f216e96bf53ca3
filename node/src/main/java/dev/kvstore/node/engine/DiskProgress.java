package dev.kvstore.node.engine;

import java.util.ArrayDeque;

/** How long the oldest write that the core has asked for has been waiting for the disk. Written by the core's thread only. */
final class DiskProgress {
    private static final long NONE = Long.MAX_VALUE;

    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private volatile long oldestMs = NONE;
    private volatile boolean refusing;

    private record Waiting(long id, long sinceMs) {}

    /** A write was handed to the storage. */
    void begun(long id, long nowMs) {
        waiting.addLast(new Waiting(id, nowMs));
        if (oldestMs == NONE) {
            oldestMs = nowMs;
        }
    }

    /** Every write up to this one is on disk. */
    void done(long id) {
        Waiting first = waiting.peekFirst();
        while (first != null && first.id() <= id) {
            waiting.removeFirst();
            first = waiting.peekFirst();
        }
        oldestMs = first == null ? NONE : first.sinceMs();
    }

    /** The disk says whether it takes writes. */
    void refuses(boolean now) {
        refusing = now;
    }

    /** Milliseconds that the oldest write has been waiting; 0 when none does, or when the disk has said no. */
    long stuckForMs(long nowMs) {
        long since = oldestMs;
        return since == NONE || refusing ? 0 : Math.max(0, nowMs - since);
    }
}
