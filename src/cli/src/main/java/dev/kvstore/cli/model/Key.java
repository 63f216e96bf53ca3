package dev.kvstore.cli.model;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** A key: any bytes, at least one. */
public record Key(byte[] bytes) {
    /**
     * Refuses a key without bytes.
     *
     * @throws IllegalArgumentException when there are none
     */
    public Key {
        if (bytes.length == 0) {
            throw new IllegalArgumentException("A key has at least one byte.");
        }
    }

    /** The key that is this text in UTF-8. */
    public static Key of(String text) {
        return new Key(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The key written in base64url, with or without padding.
     *
     * @throws IllegalArgumentException when it is not base64url, or has no bytes
     */
    public static Key ofBase64(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'%s' is not base64url (letters, digits, '-' and '_').".formatted(Printable.of(text)), e);
        }
        return new Key(bytes);
    }

    /** The key in base64url, without padding. */
    public String base64() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The key as text, or empty when it is not UTF-8. */
    public Optional<String> text() {
        return Utf8.decode(bytes);
    }

    /** The key for people: one line that can also be typed after a command. */
    public String display() {
        return text().map(Printable::of).orElseGet(() -> "--key64 " + base64());
    }
}
