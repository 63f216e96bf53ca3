package dev.kvstore.core.io;

import dev.kvstore.core.ring.Ring;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How things stand, as one member sees them.
 *
 * @param ring the ring that the member acts on, or null
 * @param leader holder of the leader's Lease as far as known
 * @param recognised whether the ring names this member with the store that it has
 * @param draining whether the member is about to stop
 * @param members state of each member that the ring names or that was heard of
 * @param copies this member's copies
 * @param moves what this member, as the primary of partitions, does to have them moved
 * @param inFlightOps operations that the member works on
 * @param inFlightBytes bytes of those
 */
public record View(
        @Nullable Ring ring,
        @Nullable String leader,
        boolean recognised,
        boolean draining,
        Map<String, Seen> members,
        List<Copy> copies,
        List<Move> moves,
        int inFlightOps,
        long inFlightBytes) {
    /** What is known of a member; {@code silentMs} is the time since it was heard last, 0 for oneself. */
    public record Seen(State state, long boot, long silentMs, String address) {}

    /** State of a member. */
    public enum State {
        UP,
        SUSPECT,
        DOWN,
        JOINING,
        LEAVING
    }

    /**
     * One partition's copy here.
     *
     * @param lastSeq sequence of the log's last entry
     * @param appliedSeq sequence that the state has reached
     * @param logBytes bytes of the log
     */
    public record Copy(int partition, Role role, long lastSeq, long appliedSeq, long logBytes) {}

    /**
     * A partition that moves, or waits to.
     *
     * @param to who gets a copy, or is to reign
     * @param kind what it gets
     * @param active whether it goes on now; else it waits for its turn or for that member
     * @param forMs since how long it has been wanted
     * @param snapshot whether a snapshot is on its way; else entries of the log are all that is sent
     * @param snapshotBytes bytes of the snapshot, the last one if there were several, that were sent so far
     */
    public record Move(
            int partition, String to, Kind kind, boolean active, long forMs, boolean snapshot, long snapshotBytes) {
        /** What moves. */
        public enum Kind {
            /** The member gets a copy. */
            COPY,
            /** The member, which has a copy, is to become the primary. */
            HAND_OVER
        }
    }

    /** What a member is for a partition. */
    public enum Role {
        /** Orders the writes and serves. */
        SERVING,
        /** Is the primary and takes over: waits for its predecessor's lease, or commits what it found. */
        TAKING_OVER,
        /** Is in sync. */
        REPLICA,
        /** Is catching up. */
        LEARNER,
        /** Installs a snapshot. */
        INSTALLING,
        /** Holds a copy that the ring does not want any more, or that is not believed. */
        LEFT_OVER
    }
}
