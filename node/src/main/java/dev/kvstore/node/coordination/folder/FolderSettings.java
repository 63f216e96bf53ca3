package dev.kvstore.node.coordination.folder;

/**
 * Times of the coordination folder, in milliseconds.
 *
 * @param leaseMs a Lease whose holder shows no sign of life for so long is free; the holder itself gives up after the same
 * @param beatMs between two signs of life
 * @param jitterMs watchers wait up to so much longer, each another time, so that they do not all jump at once
 * @param leasePollMs between two looks at the Lease
 * @param ringPollMs between two looks at the ring
 * @param desiredPollMs between two looks at the desired state
 * @param slowMs an access that takes longer is worth a word in the log
 */
public record FolderSettings(
        long leaseMs, long beatMs, long jitterMs, long leasePollMs, long ringPollMs, long desiredPollMs, long slowMs) {
    /** What a node uses unless it is told otherwise. */
    public static final FolderSettings DEFAULT = new FolderSettings(2_000, 500, 200, 100, 100, 500, 2_000);
}
