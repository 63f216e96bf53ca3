package dev.kvstore.core.data;

import org.jspecify.annotations.Nullable;

/** What a client, or the store itself, asks of a partition. */
public sealed interface Operation {
    /** An operation on one key. */
    sealed interface Keyed extends Operation {
        Bytes key();
    }

    /** Reads a key. A stale read may be answered by any replica, from what it has applied. */
    record Get(Bytes key, boolean stale) implements Keyed {}

    /** Writes a key. {@code ttlMs} is the time to live in milliseconds, 0 for none. */
    record Put(Bytes key, Bytes value, long ttlMs, Condition condition) implements Keyed {}

    /** Removes a key. */
    record Delete(Bytes key, Condition condition) implements Keyed {}

    /** Removes a key if it has expired; the store asks this of itself. */
    record Expire(Bytes key) implements Keyed {}

    /**
     * Reads a partition's keys in byte order.
     *
     * @param after only keys greater than this one; null from the beginning
     * @param limit at most this many
     * @param values whether the values are wanted too
     */
    record Scan(int partition, Bytes prefix, @Nullable Bytes after, int limit, boolean values) implements Operation {}

    /** Whether the operation can change state. A read may be sent again without harm. */
    default boolean writes() {
        return switch (this) {
            case Get get -> false;
            case Scan scan -> false;
            case Put put -> true;
            case Delete delete -> true;
            case Expire expire -> true;
        };
    }

    /** Roughly the bytes that the operation takes while it waits. */
    default int sizeBytes() {
        return switch (this) {
            case Get get -> 64 + get.key().size();
            case Scan scan -> 96 + scan.prefix().size();
            case Put put -> 96 + put.key().size() + put.value().size();
            case Delete delete -> 64 + delete.key().size();
            case Expire expire -> 64 + expire.key().size();
        };
    }
}
