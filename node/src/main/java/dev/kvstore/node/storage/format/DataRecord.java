package dev.kvstore.node.storage.format;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Stored;

/** What the state holds under a key, as it is stored: version, time of expiry, value. */
public final class DataRecord {
    /** Bytes that surely contain a record's version and time of expiry. */
    public static final int HEADER_BYTES = 1 + 2 * 10;

    private static final int FORMAT = 1;

    private DataRecord() {}

    /** The stored value. */
    public static byte[] encode(Bytes value, long version, long expiresAtMs) {
        return new ByteWriter(HEADER_BYTES + value.size())
                .u8(FORMAT)
                .varLong(version)
                .varLong(expiresAtMs)
                .raw(value.array())
                .toArray();
    }

    /** Reads a stored value. */
    public static Stored decode(byte[] record) throws FormatException {
        return decode(record, record.length, true);
    }

    /** Reads a stored value's first bytes, at most {@link #HEADER_BYTES}; what it returns has no value. */
    public static Stored decodeHeader(byte[] record, int size) throws FormatException {
        return decode(record, Math.min(size, HEADER_BYTES), false);
    }

    private static Stored decode(byte[] record, int size, boolean withValue) throws FormatException {
        ByteReader in = new ByteReader(record, 0, size);
        in.format("a value", FORMAT);
        long version = in.varLong();
        long expiresAtMs = in.varLong();
        return new Stored(withValue ? Bytes.wrap(in.rest()) : Bytes.EMPTY, version, expiresAtMs);
    }
}
