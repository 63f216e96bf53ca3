package dev.kvstore.core.ring;

/**
 * How much may be on the move at a time.
 *
 * @param maxConcurrentMoves partitions of which a copy is being made, in the whole cluster
 * @param maxBytesPerSecond bytes of snapshots that one member sends in a second, 0 for no limit
 */
public record Rebalance(int maxConcurrentMoves, long maxBytesPerSecond) {
    /** What holds where nothing else is said. */
    public static final Rebalance DEFAULT = new Rebalance(4, 0);
}
