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
    private boolean counted;

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

    /**
     * Begins or ends a pause.
     *
     * @param settled whether no learner is being waited for
     */
    void tick(Assignment assignment, boolean settled) {
        long nowMs = host.now().monoMs();
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
        String wanted = host.draining() ? anyOther(assignment) : preferred(assignment);
        if (wanted != null && (host.draining() || host.beginHandOver())) {
            counted = !host.draining();
            successor = wanted;
            sinceMs = nowMs;
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
