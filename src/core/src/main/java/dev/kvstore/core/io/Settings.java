package dev.kvstore.core.io;

/**
 * The core's times and bounds. Times are in milliseconds of the monotonic clock.
 *
 * @param heartbeatMs between two heartbeats to the same member
 * @param leaseMs how long an acknowledged heartbeat lets a primary answer reads, counted from the moment it was sent
 * @param graceMs how long a new primary waits for its predecessor's lease: the lease, and the tolerated drift of clock rates
 * @param failureMs silence after which a member is taken for failed
 * @param refusedMs the same where connections to it are refused
 * @param resendMs an Append that is not acknowledged for this long is sent again
 * @param pauseMs how long a primary pauses at most for a hand-over
 * @param pauseBackoffMs how long it waits after a pause in vain
 * @param ringIntervalMs between two changes of the ring
 * @param firstRingWaitMs how long the leader waits for all wanted members before it makes do with the replication factor
 * @param leaderAbsenceMs how long a leader that resigned stays out
 * @param sweepMs between two searches for expired keys, for each partition
 * @param sweepKeys expired keys that one search finds at most
 * @param appendBytes bytes of entries in one Append
 * @param windowBytes bytes of entries under way to one replica of a partition
 * @param cacheBytes bytes of a partition's newest entries that are kept in memory
 * @param logRetainBytes bytes of a partition's log that are kept for replicas that lack them
 * @param closeEntries a learner that lacks no more entries than this is close enough to join
 * @param steadyMs how long a learner must have answered quickly before it joins
 * @param warmUpMs how long after it has come close it joins all the same
 * @param snapshots snapshots that a member sends at a time
 * @param inFlightOps operations that a member works on at a time
 * @param inFlightBytes bytes of such operations
 */
public record Settings(
        long heartbeatMs,
        long leaseMs,
        long graceMs,
        long failureMs,
        long refusedMs,
        long resendMs,
        long pauseMs,
        long pauseBackoffMs,
        long ringIntervalMs,
        long firstRingWaitMs,
        long leaderAbsenceMs,
        long sweepMs,
        int sweepKeys,
        int appendBytes,
        int windowBytes,
        int cacheBytes,
        long logRetainBytes,
        int closeEntries,
        long steadyMs,
        long warmUpMs,
        int snapshots,
        int inFlightOps,
        long inFlightBytes) {
    /** What a cluster uses unless it is told otherwise. */
    public static final Settings DEFAULT = new Settings(
            200,
            1_000,
            1_250,
            1_500,
            600,
            300,
            1_000,
            5_000,
            200,
            30_000,
            3_000,
            1_000,
            256,
            1 << 20,
            4 << 20,
            1 << 20,
            64L << 20,
            256,
            1_000,
            10_000,
            4,
            4_096,
            256L << 20);
}
