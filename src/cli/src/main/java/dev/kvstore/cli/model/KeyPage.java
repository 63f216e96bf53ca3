package dev.kvstore.cli.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A page of a listing.
 *
 * @param entries in byte order of their keys
 * @param next the key after which the next page starts; empty on the last page
 */
public record KeyPage(List<Entry> entries, Optional<Key> next) {
    /**
     * Reads what a node answered.
     *
     * @throws IllegalArgumentException when it is not a page
     */
    public static KeyPage of(ObjectNode json) {
        if (!json.path("keys").isArray()) {
            throw new IllegalArgumentException("'keys' is missing");
        }
        List<Entry> entries = new ArrayList<>();
        json.path("keys").forEach(entry -> entries.add(new Entry(entry, key(entry, "key"))));
        boolean last = !json.hasNonNull("next") && !json.hasNonNull("next64");
        return new KeyPage(List.copyOf(entries), last ? Optional.empty() : Optional.of(key(json, "next")));
    }

    private static Key key(JsonNode json, String member) {
        return new Key(bytes(json, member)
                .orElseThrow(() -> new IllegalArgumentException("'%s' is missing".formatted(member))));
    }

    /** The bytes of a member that comes as text, or as base64url under its name with 64 when they are no text. */
    private static Optional<byte[]> bytes(JsonNode json, String member) {
        return Json.text(json, member)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .or(() -> Json.text(json, member + "64").map(Base64.getUrlDecoder()::decode));
    }

    /**
     * One key.
     *
     * @param json as the node wrote it
     * @param key the key
     */
    public record Entry(JsonNode json, Key key) {
        /** The value for people, on one line; empty when the page was asked for without values. */
        public Optional<String> displayValue() {
            return bytes(json, "value")
                    .map(value -> Utf8.decode(value)
                            .map(Printable::of)
                            .orElseGet(() -> "base64:"
                                    + Base64.getUrlEncoder().withoutPadding().encodeToString(value)));
        }
    }
}
