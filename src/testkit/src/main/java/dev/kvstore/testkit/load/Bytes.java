package dev.kvstore.testkit.load;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Bytes that do not change: a key, a value, a body. */
public final class Bytes {

    private final byte[] array;

    private Bytes(byte[] array) {
        this.array = array;
    }

    /**
     * A copy of these bytes.
     *
     * @param bytes any
     * @return the bytes
     */
    public static Bytes of(byte[] bytes) {
        return new Bytes(bytes.clone());
    }

    /**
     * The UTF-8 bytes of a text.
     *
     * @param text any
     * @return the bytes
     */
    public static Bytes of(String text) {
        return new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Bytes from base64url, with or without padding.
     *
     * @param base64 the text
     * @return the bytes
     * @throws IllegalArgumentException when it is not base64url
     */
    public static Bytes ofBase64Url(String base64) {
        return new Bytes(Base64.getUrlDecoder().decode(base64));
    }

    /**
     * How many bytes these are.
     *
     * @return their number
     */
    public int length() {
        return array.length;
    }

    /**
     * A copy for whoever needs an array.
     *
     * @return a new array
     */
    public byte[] toArray() {
        return array.clone();
    }

    /**
     * Base64url without padding.
     *
     * @return the text
     */
    public String toBase64Url() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(array);
    }

    /**
     * Percent-encoding that no server or client has a reason to normalise: all but letters, digits, {@code -}, {@code _}
     * and {@code ~} is encoded, dots too.
     *
     * @return the text
     */
    public String toPercentEncoded() {
        StringBuilder text = new StringBuilder(array.length * 3);
        HexFormat hex = HexFormat.of().withUpperCase();
        for (byte b : array) {
            char c = (char) (b & 0xff);
            boolean plain = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '-'
                    || c == '_'
                    || c == '~';
            if (plain) {
                text.append(c);
            } else {
                text.append('%').append(hex.toHexDigits(b));
            }
        }
        return text.toString();
    }

    /**
     * The text that the bytes are the UTF-8 of.
     *
     * @return the text, or null when they are not UTF-8
     */
    public @Nullable String utf8() {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(array))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /**
     * The bytes as a name for a history: their text, or, where they are none, their base64url after {@code base64:}.
     *
     * @return the name
     */
    public String name() {
        String text = utf8();
        return text != null ? text : "base64:" + toBase64Url();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Bytes bytes && Arrays.equals(array, bytes.array);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(array);
    }

    @Override
    public String toString() {
        return name();
    }
}
