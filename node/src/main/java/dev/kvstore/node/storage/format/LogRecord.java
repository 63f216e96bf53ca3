package dev.kvstore.node.storage.format;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Change;
import dev.kvstore.core.data.Entry;
import dev.kvstore.core.data.EntryId;

/**
 * A log entry as it is stored.
 *
 * @param totalBytes size of all entries that the log ever took up to this one, in the measure of
 *     {@link Entry#sizeBytes()}: the difference of two records is the size of the log between them
 */
public record LogRecord(Entry entry, long totalBytes) {
    private static final int FORMAT = 1;
    private static final int PUT = 1;
    private static final int DELETE = 2;
    private static final int NOOP = 3;

    /** The stored value; the sequence stands in the key. */
    public byte[] encode() {
        EntryId id = entry.id();
        ByteWriter out = new ByteWriter(entry.sizeBytes())
                .u8(FORMAT)
                .varLong(totalBytes)
                .varLong(id.epoch())
                .varLong(id.boot());
        switch (entry.change()) {
            case Change.Put put ->
                out.u8(PUT)
                        .varLong(put.expiresAtMs())
                        .sized(put.key().array())
                        .raw(put.value().array());
            case Change.Delete delete -> out.u8(DELETE).raw(delete.key().array());
            case Change.Noop noop -> out.u8(NOOP);
        }
        return out.toArray();
    }

    /** Reads a stored entry. */
    public static LogRecord decode(byte[] key, byte[] value) throws FormatException {
        ByteReader in = new ByteReader(value);
        in.format("a log entry", FORMAT);
        long totalBytes = in.varLong();
        EntryId id = new EntryId(in.varLong(), in.varLong(), Keys.seqOf(key));
        int kind = in.u8();
        Change change = switch (kind) {
            case PUT -> {
                long expiresAtMs = in.varLong();
                yield new Change.Put(Bytes.wrap(in.sized()), Bytes.wrap(in.rest()), expiresAtMs);
            }
            case DELETE -> new Change.Delete(Bytes.wrap(in.rest()));
            case NOOP -> new Change.Noop();
            default -> throw new FormatException("a log entry is of the unknown kind " + kind);
        };
        in.end();
        return new LogRecord(new Entry(id, change), totalBytes);
    }
}
