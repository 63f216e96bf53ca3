package dev.kvstore.core.replication;

import dev.kvstore.core.ring.Assignment;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a primary pauses so that another member may take its place: when it is about to stop, or when the ring would
 * rather have another. The pause is bounded; the primary keeps its lease and may resume.
 */
final class HandingOver {
    private final Host host;
    private @Nullable String successor;
    private long sinceMs;
    private long notBeforeMs;
    private long wantedSinceMs = -1;
    private boolean counted;
    private boolean reported;

    HandingOver(Host host) {
        this.host = host;
    }

    boolean paused() {
        return successor != null;
    }

    /** Who is to reign next; null while not paused. */
    @Nullable
    String successor() {
        return successor;
    }

    /** Since when another primary has been wanted, in monotonic milliseconds; -1 while none is. */
    long wantedSinceMs() {
        return wantedSinceMs;
    }

    /** Who would be the primary rather than this member; null when nobody could. */
    @Nullable
    String wanted(Assignment assignment) {
        return host.draining() ? anyOther(assignment) : preferred(assignment);
    }

    /**
     * Begins or ends a pause.
     *
     * @param settled whether no learner is being waited for
     */
    void tick(Assignment assignment, boolean settled) {
        long nowMs = host.now().monoMs();
        String wanted = wanted(assignment);
        if (wanted == null) {
            wantedSinceMs = -1;
        } else if (wantedSinceMs < 0) {
            wantedSinceMs = nowMs;
        }
        if (successor != null) {
            boolean gone = !assignment.isInSync(successor) || !host.couldReign(successor);
            if (gone || nowMs - sinceMs >= host.settings().pauseMs()) {
                end();
                notBeforeMs = nowMs + (host.draining() ? 0 : host.settings().pauseBackoffMs());
            }
            return;
        }
        if (nowMs < notBeforeMs || !settled) {
            return;
        }
        // Without a leader nobody could take over: then rather serve.
        if (wanted != null && host.led() && (host.draining() || host.beginHandOver())) {
            counted = !host.draining();
            successor = wanted;
            sinceMs = nowMs;
            reported = false;
        }
    }

    /**
     * The partition may have come to rest: then the leader is told at once, since requests wait.
     *
     * @param still whether nothing is in flight
     */
    void settled(boolean still) {
        if (successor != null && still && !reported) {
            reported = true;
            host.reportChanged();
        }
    }

    private @Nullable String preferred(Assignment assignment) {
        if (assignment.replicas().isEmpty()) {
            return null;
        }
        String first = assignment.replicas().getFirst();
        return assignment.isInSync(first) && host.couldReign(first) ? first : null;
    }

    private @Nullable String anyOther(Assignment assignment) {
        for (String member : assignment.inSync()) {
            if (host.couldReign(member)) {
                return member;
            }
        }
        return null;
    }

    /** Ends the pause, if there is one. */
    void end() {
        successor = null;
        if (counted) {
            counted = false;
            host.endHandOver();
        }
    }
}
