package dev.kvstore.core.ring;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the cluster should be, as whoever operates it says.
 *
 * @param memberCount how many members are wanted; the first ring waits for them
 * @param members names that are wanted, as far as known, each with its zone (empty when the member's own word counts)
 * @param replicationFactor copies of each partition
 * @param partitions number of partitions; counts for the first ring only
 * @param minInSync writes are refused below this number of in-sync members
 * @param replaceAfterMs how long a failed member's copies wait for it before they are rebuilt elsewhere, in milliseconds
 * @param acceptLoss partitions whose loss a human has accepted, each with the epoch at which it was lost
 * @param unsafeRestore whether a human orders that the newest ring at hand is written back though members are missing
 * @param rebalance how much may be on the move at a time
 */
public record Desired(
        int memberCount,
        Map<String, String> members,
        int replicationFactor,
        int partitions,
        int minInSync,
        long replaceAfterMs,
        Map<Integer, Long> acceptLoss,
        boolean unsafeRestore,
        Rebalance rebalance) {
    public Desired {
        // Sorted, so that whoever iterates does so in the same order in every run.
        members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
        acceptLoss = Collections.unmodifiableSortedMap(new TreeMap<>(acceptLoss));
    }

    /** The same with {@link Rebalance#DEFAULT}. */
    public Desired(
            int memberCount,
            Map<String, String> members,
            int replicationFactor,
            int partitions,
            int minInSync,
            long replaceAfterMs,
            Map<Integer, Long> acceptLoss,
            boolean unsafeRestore) {
        this(
                memberCount,
                members,
                replicationFactor,
                partitions,
                minInSync,
                replaceAfterMs,
                acceptLoss,
                unsafeRestore,
                Rebalance.DEFAULT);
    }

    /** The names that are wanted. */
    public Set<String> names() {
        return members.keySet();
    }
}
