package dev.kvstore.core.data;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** An immutable sequence of bytes, ordered as unsigned bytes (the order of keys in a list). */
public final class Bytes implements Comparable<Bytes> {
    /** No bytes at all. */
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] array;
    private int hash;

    private Bytes(byte[] array) {
        this.array = array;
    }

    /** Takes the array over without copying it; the caller must not change it afterwards. */
    public static Bytes wrap(byte[] array) {
        return array.length == 0 ? EMPTY : new Bytes(array);
    }

    /** The UTF-8 bytes of a text. */
    public static Bytes utf8(String text) {
        return wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The backing array itself, not a copy; it must not be changed. */
    public byte[] array() {
        return array;
    }

    /** Length in bytes. */
    public int size() {
        return array.length;
    }

    /** Whether these bytes begin with the given ones. */
    public boolean startsWith(Bytes prefix) {
        return array.length >= prefix.array.length
                && Arrays.mismatch(array, 0, prefix.array.length, prefix.array, 0, prefix.array.length) < 0;
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(array, other.array);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Bytes that && Arrays.equals(array, that.array);
    }

    @Override
    public int hashCode() {
        int known = hash;
        if (known == 0) {
            known = Arrays.hashCode(array);
            hash = known;
        }
        return known;
    }

    /** The text when it is printable ASCII, else hexadecimal digits. For people, not for machines. */
    @Override
    public String toString() {
        for (byte each : array) {
            if (each < ' ' || each > '~') {
                return "0x" + HexFormat.of().formatHex(array);
            }
        }
        return new String(array, StandardCharsets.US_ASCII);
    }
}
