package dev.kvstore.core.data;

/** One entry of a partition's log. */
public record Entry(EntryId id, Change change) {
    /** The entry's sequence. */
    public long seq() {
        return id.seq();
    }

    /** Roughly the bytes that this entry takes in a log or a message. */
    public int sizeBytes() {
        return change.sizeBytes();
    }
}
