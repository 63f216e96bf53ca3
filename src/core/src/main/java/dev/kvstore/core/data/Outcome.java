package dev.kvstore.core.data;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How an operation ended. */
public sealed interface Outcome {
    /** A read found the key. */
    record Found(Stored stored) implements Outcome {}

    /** The key is absent: nothing to read, nothing to delete. */
    record NotFound() implements Outcome {}

    /** A write took effect; {@code created} when the key was absent before. */
    record Written(long version, boolean created) implements Outcome {}

    /** A delete took effect, as the entry of this version. */
    record Deleted(long version) implements Outcome {}

    /** The condition did not hold; {@code version} is the key's present one, 0 when it is absent. Nothing was written. */
    record ConditionFailed(long version) implements Outcome {}

    /** A page of a partition's keys in byte order; {@code more} when keys follow that the limit left out. */
    record Page(List<Item> items, boolean more) implements Outcome {}

    /** The operation was not carried out, or nobody knows whether it was. */
    record Failed(Failure failure) implements Outcome {}

    /** One key of a page. {@link Bytes#EMPTY} stands for the value where values were not asked for. */
    record Item(Bytes key, Stored stored) {}

    /** Why an operation failed. After all of them but {@link #UNKNOWN} nothing was written. */
    enum Failure {
        /** A bound was reached. */
        OVERLOADED,
        /** No primary serves the partition for now. */
        NO_PRIMARY,
        /** Fewer members are in sync than {@code minInSync} asks for. */
        TOO_FEW_COPIES,
        /** The partition's last in-sync copy is gone and nobody has accepted the loss yet. */
        LOST,
        /** The primary's disk is full. */
        DISK_FULL,
        /** The write may have taken effect, now or later, or never. */
        UNKNOWN
    }

    /** What a read answers that finds this, or null, at a wall-clock time in milliseconds since 1970. */
    static Outcome read(@Nullable Stored stored, long wallMs) {
        return stored == null || stored.expiredAt(wallMs) ? new NotFound() : new Found(stored);
    }

    /** A failed outcome. */
    static Outcome failed(Failure failure) {
        return new Failed(failure);
    }
}
