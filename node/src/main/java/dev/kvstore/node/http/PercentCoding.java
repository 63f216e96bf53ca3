package dev.kvstore.node.http;

import java.util.Arrays;

/** Percent-encoding as RFC 3986 has it, read strictly and as bytes: nothing is normalised, replaced or guessed. */
final class PercentCoding {
    private PercentCoding() {}

    /**
     * The bytes of an encoded text. Every character that is not part of an escape stands for itself; one above 0x7F for the
     * byte that the client sent unescaped.
     *
     * @param plusIsSpace as in a query
     * @throws IllegalArgumentException with what is wrong
     */
    static byte[] decode(String encoded, boolean plusIsSpace) {
        byte[] bytes = new byte[encoded.length()];
        int size = 0;
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '%') {
                bytes[size++] = escape(encoded, i);
                i += 2;
            } else if (c == '+' && plusIsSpace) {
                bytes[size++] = ' ';
            } else if (c <= 0xFF) {
                bytes[size++] = (byte) c;
            } else {
                throw new IllegalArgumentException("a character that no byte stands for");
            }
        }
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }

    private static byte escape(String encoded, int at) {
        int high = at + 2 < encoded.length() ? digit(encoded.charAt(at + 1)) : -1;
        int low = at + 2 < encoded.length() ? digit(encoded.charAt(at + 2)) : -1;
        if (high < 0 || low < 0) {
            throw new IllegalArgumentException("'%' at " + at + " is not followed by two hexadecimal digits");
        }
        return (byte) (high << 4 | low);
    }

    private static int digit(char c) {
        return c <= 0x7F ? Character.digit(c, 16) : -1;
    }
}
