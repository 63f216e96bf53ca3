package dev.kvstore.core.message;

import dev.kvstore.core.ring.JoinRequest;
import java.util.List;

/**
 * What a member wants of the leader. It is the whole of it every time, so a report that is lost, doubled or late does no
 * harm.
 *
 * @param joins learners that have caught up
 * @param accusations replicas that no longer acknowledge
 * @param handOvers partitions whose primary has paused and may be replaced
 * @param gone partitions of which the member has no copy any more, though the ring may say so
 * @param cannotWrite whether the member's disk takes no writes
 * @param draining whether the member is about to stop
 */
public record Report(
        List<JoinRequest> joins,
        List<Accusation> accusations,
        List<HandOver> handOvers,
        List<Gone> gone,
        boolean cannotWrite,
        boolean draining) {
    /** Nothing is wanted. */
    public static final Report NONE = new Report(List.of(), List.of(), List.of(), List.of(), false, false);

    /** At this epoch a replica, or a learner that is waited for, has not acknowledged for the failure time. */
    public record Accusation(int partition, long epoch, String member) {}

    /** At this epoch the primary has paused, everything is committed, and the successor may reign. */
    public record HandOver(int partition, long epoch, String successor) {}

    /** At this epoch the member's copy is gone. */
    public record Gone(int partition, long epoch) {}

    /** Whether the leader has nothing to do for it. */
    public boolean isEmpty() {
        return equals(NONE);
    }
}
