package dev.kvstore.node.coordination;

import dev.kvstore.core.ring.Desired;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a node and its user say about the cluster when the node starts. Of a cluster that exists it changes nothing but that
 * the node is in it, and its zone: the rest is changed by orders, which a node that starts again must not undo. So a node that
 * was a member and was ordered away stays away. Where a value is null the user has not said anything.
 *
 * @param member the node's name
 * @param zone its failure zone
 * @param peers how many other nodes it was told of
 * @param replicationFactor copies of each partition
 * @param minInSync writes are refused below this number of in-sync members
 * @param partitions number of partitions
 * @param replaceAfterMs how long a failed member's copies wait for it, in milliseconds
 * @param returning whether the node's disk has a ring, so that it has been in the cluster before
 */
public record Declaration(
        String member,
        @Nullable String zone,
        int peers,
        @Nullable Integer replicationFactor,
        @Nullable Integer minInSync,
        @Nullable Integer partitions,
        @Nullable Long replaceAfterMs,
        boolean returning) {
    private static final int REPLICATION_FACTOR = 2;
    private static final int MIN_IN_SYNC = 1;
    private static final int PARTITIONS = 128;
    private static final long REPLACE_AFTER_MS = 300_000;

    /** The desired state of a cluster of which nothing was said before. */
    public Desired first() {
        return new Desired(
                1 + peers,
                Map.of(member, or(zone, "")),
                or(replicationFactor, REPLICATION_FACTOR),
                or(partitions, PARTITIONS),
                or(minInSync, MIN_IN_SYNC),
                or(replaceAfterMs, REPLACE_AFTER_MS),
                Map.of(),
                false);
    }

    /** The same for a node whose disk has a ring, or has none. */
    public Declaration withReturning(boolean hasRing) {
        return new Declaration(member, zone, peers, replicationFactor, minInSync, partitions, replaceAfterMs, hasRing);
    }

    /**
     * Whether the node was ordered away. A state that names fewer members than it wants is one that was lost and is being
     * declared anew: whoever is missing in it was not ordered away.
     */
    public boolean isOrderedAway(Desired present) {
        return returning && !present.names().contains(member) && present.names().size() >= present.memberCount();
    }

    /** The desired state with this node in it; equal to the given one if it is so already, or if the node was ordered away. */
    public Desired amend(Desired present) {
        if (isOrderedAway(present)) {
            return present;
        }
        Map<String, String> members = new HashMap<>(present.members());
        members.put(member, or(zone, members.getOrDefault(member, "")));
        return new Desired(
                Math.max(present.memberCount(), members.size()),
                members,
                present.replicationFactor(),
                present.partitions(),
                present.minInSync(),
                present.replaceAfterMs(),
                present.acceptLoss(),
                present.unsafeRestore(),
                present.rebalance());
    }

    private static <T> T or(@Nullable T said, T otherwise) {
        return said == null ? otherwise : said;
    }
}
