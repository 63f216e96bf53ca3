package dev.kvstore.node.status;

import org.jspecify.annotations.Nullable;

/** Where to find what only the whole node knows. */
public interface StatusSource {
    /** Who this node is; null before it has started. */
    @Nullable
    Identity identity();

    /** Rough size of the copy of a partition on this node's disk, in bytes; 0 when it is not known. */
    long copyBytes(int partition);

    /** Rough size of all copies on this node's disk, in bytes; 0 when it is not known. */
    long dataBytes();

    /** Below this free space the disk counts as full, in bytes. */
    long leastFreeBytes();
}
