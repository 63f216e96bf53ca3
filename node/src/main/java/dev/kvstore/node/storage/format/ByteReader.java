package dev.kvstore.node.storage.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Takes values out of an array in the order in which {@link ByteWriter} put them in, and trusts no length in it. */
final class ByteReader {
    private final byte[] array;
    private final int end;
    private int at;

    ByteReader(byte[] array) {
        this(array, 0, array.length);
    }

    ByteReader(byte[] array, int from, int end) {
        this.array = array;
        this.at = from;
        this.end = end;
    }

    int u8() throws FormatException {
        need(1);
        return array[at++] & 0xFF;
    }

    int i32() throws FormatException {
        need(4);
        int value = Keys.intAt(array, at);
        at += 4;
        return value;
    }

    long varLong() throws FormatException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = u8();
            value |= (long) (next & 0x7F) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new FormatException("a number has more than 64 bits");
    }

    byte[] sized() throws FormatException {
        long length = varLong();
        if (length < 0 || length > end - at) {
            throw new FormatException("a field of " + length + " bytes where " + (end - at) + " are left");
        }
        byte[] bytes = Arrays.copyOfRange(array, at, at + (int) length);
        at += (int) length;
        return bytes;
    }

    byte[] rest() {
        byte[] bytes = Arrays.copyOfRange(array, at, end);
        at = end;
        return bytes;
    }

    String text() throws FormatException {
        return new String(sized(), StandardCharsets.UTF_8);
    }

    int left() {
        return end - at;
    }

    void end() throws FormatException {
        if (left() != 0) {
            throw new FormatException(left() + " bytes too many");
        }
    }

    /**
     * Takes the byte that begins every stored value. Read are the present format and the one before, so that a store can be
     * taken over from the version before.
     *
     * @return the format that the value is of
     */
    int format(String what, int present) throws FormatException {
        int format = u8();
        int oldest = Math.max(1, present - 1);
        if (format > present || format < oldest) {
            throw FormatException.otherVersion(what, format, oldest, present);
        }
        return format;
    }

    private void need(int bytes) throws FormatException {
        if (end - at < bytes) {
            throw new FormatException("cut short");
        }
    }
}
