package dev.kvstore.node.http;

import dev.kvstore.core.data.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The query of a request, read strictly: each parameter at most once, and its value as the bytes that were sent. */
final class Parameters {
    private final Map<String, Bytes> values;

    private Parameters(Map<String, Bytes> values) {
        this.values = values;
    }

    /**
     * Reads the raw query.
     *
     * @param query what stands behind the question mark, null for nothing
     * @throws ProblemException when it cannot be read
     */
    static Parameters of(@Nullable String query) {
        Map<String, Bytes> values = new LinkedHashMap<>();
        if (query != null) {
            for (String part : query.split("&", -1)) {
                if (!part.isEmpty()) {
                    add(values, part);
                }
            }
        }
        return new Parameters(values);
    }

    private static void add(Map<String, Bytes> values, String part) {
        int equals = part.indexOf('=');
        String name;
        Bytes value;
        try {
            String rawName = equals < 0 ? part : part.substring(0, equals);
            name = new String(PercentCoding.decode(rawName, true), StandardCharsets.UTF_8);
            value = Bytes.wrap(PercentCoding.decode(equals < 0 ? "" : part.substring(equals + 1), true));
        } catch (IllegalArgumentException e) {
            throw bad("the query cannot be decoded: " + e.getMessage());
        }
        if (values.putIfAbsent(name, value) != null) {
            throw bad("the parameter '" + name + "' is given twice");
        }
    }

    /** Refuses a request with other parameters than these. */
    void allow(List<String> names) {
        for (String name : values.keySet()) {
            if (!names.contains(name)) {
                throw bad("there is no parameter '" + name + "' here; "
                        + (names.isEmpty() ? "none is taken" : "these are: " + String.join(", ", names)));
            }
        }
    }

    /** Whether the parameter is given. */
    boolean has(String name) {
        return values.containsKey(name);
    }

    /** The bytes of a parameter, null when it is not given. */
    @Nullable
    Bytes bytes(String name) {
        return values.get(name);
    }

    /** The bytes of a parameter that may instead be given in base64url as the parameter of this name with 64 behind. */
    @Nullable
    Bytes bytesOr64(String name) {
        Bytes plain = values.get(name);
        Bytes encoded = values.get(name + "64");
        if (plain != null && encoded != null) {
            throw bad("'" + name + "' and '" + name + "64' are given both; one is enough");
        }
        if (encoded == null) {
            return plain;
        }
        try {
            return base64Url(encoded);
        } catch (IllegalArgumentException e) {
            throw bad("'" + name + "64' is no base64url: " + e.getMessage());
        }
    }

    /** A parameter as text, null when it is not given. */
    @Nullable
    String text(String name) {
        Bytes value = values.get(name);
        return value == null ? null : new String(value.array(), StandardCharsets.UTF_8);
    }

    /** A parameter that is true or false; false when it is not given. */
    boolean flag(String name) {
        String text = text(name);
        if (text == null || text.equals("false")) {
            return false;
        }
        if (text.equals("true")) {
            return true;
        }
        throw bad("'" + name + "' is true or false");
    }

    /** A parameter that is a whole number within bounds. */
    int number(String name, int otherwise, int min, int max) {
        String text = text(name);
        if (text == null) {
            return otherwise;
        }
        if (text.matches("\\d{1,9}")) {
            int number = Integer.parseInt(text);
            if (number >= min && number <= max) {
                return number;
            }
        }
        throw bad("'" + name + "' is a number from " + min + " to " + max);
    }

    /**
     * Bytes in base64url (RFC 4648 section 5), with or without padding.
     *
     * @throws IllegalArgumentException when they are not
     */
    static Bytes base64Url(Bytes text) {
        return Bytes.wrap(Base64.getUrlDecoder().decode(text.array()));
    }

    private static ProblemException bad(String detail) {
        return new ProblemException(ProblemCode.BAD_QUERY, detail);
    }
}
