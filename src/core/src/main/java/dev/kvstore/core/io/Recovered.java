package dev.kvstore.core.io;

import dev.kvstore.core.data.Entry;
import dev.kvstore.core.data.EntryId;
import dev.kvstore.core.ring.Ring;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a member's disk held when it started.
 *
 * @param storeId written once
 * @param boot raised and synced by this start
 * @param clusterId empty when the disk belongs to no cluster yet
 * @param ring the ring that was synced last, or null
 * @param copies the partitions that have a copy, or part of one
 */
public record Recovered(
        String storeId,
        long boot,
        String clusterId,
        @Nullable Ring ring,
        Map<Integer, Copy> copies) {
    /**
     * One partition's copy.
     *
     * @param applied the entry that the state has reached
     * @param base identity of the entry before the log's first one; not above {@code applied}
     * @param runs where (epoch, boot) changes in the log: the identity of the first entry of each stretch, in order
     * @param lastSeq sequence of the log's last entry; that of {@code base} when the log is empty
     * @param logBytes rough size of the log
     * @param unapplied the log's entries above {@code applied}
     * @param incomplete whether a snapshot was being installed
     * @param joining the learner that the primary was waiting for, or null
     */
    public record Copy(
            EntryId applied,
            EntryId base,
            List<EntryId> runs,
            long lastSeq,
            long logBytes,
            List<Entry> unapplied,
            boolean incomplete,
            Effect.@Nullable Joining joining) {}
}
