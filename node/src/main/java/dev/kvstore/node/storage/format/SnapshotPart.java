package dev.kvstore.node.storage.format;

import dev.kvstore.core.data.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A part of a snapshot as it travels: format, CRC-32C of all that follows, then pairs of a user's key and what
 * {@link DataRecord} stores under it. A part stands for itself: it can be read without the others.
 */
public final class SnapshotPart {
    private static final int FORMAT = 1;
    private static final int CHECKSUM_AT = 1;
    private static final int BODY_AT = CHECKSUM_AT + Integer.BYTES;

    private final ByteWriter body;

    /** An empty part; {@code expectedBytes} is about what it will hold. */
    public SnapshotPart(int expectedBytes) {
        body = new ByteWriter(expectedBytes).u8(FORMAT).i32(0);
    }

    /** A user's key and its stored value. */
    public record Pair(byte[] userKey, byte[] record) {}

    /** Adds a pair. */
    public void add(byte[] userKey, byte[] record) {
        body.sized(userKey).sized(record);
    }

    /** Size so far, in bytes. */
    public int size() {
        return body.size();
    }

    /** The finished part. */
    public Bytes encode() {
        byte[] array = body.toArray();
        Keys.putInt(array, CHECKSUM_AT, checksum(array));
        return Bytes.wrap(array);
    }

    /**
     * Reads a part.
     *
     * @throws FormatException when it is of another format or was changed on its way
     */
    public static List<Pair> decode(Bytes part) throws FormatException {
        byte[] array = part.array();
        ByteReader in = new ByteReader(array);
        in.format("a part of a snapshot", FORMAT);
        if (in.i32() != checksum(array)) {
            throw new FormatException("a part of a snapshot does not match its checksum");
        }
        List<Pair> pairs = new ArrayList<>();
        while (in.left() > 0) {
            pairs.add(new Pair(in.sized(), in.sized()));
        }
        return pairs;
    }

    private static int checksum(byte[] array) {
        CRC32C crc = new CRC32C();
        crc.update(array, BODY_AT, array.length - BODY_AT);
        return (int) crc.getValue();
    }
}
