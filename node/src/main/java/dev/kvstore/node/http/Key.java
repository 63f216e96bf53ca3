package dev.kvstore.node.http;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.node.engine.Limits;
import org.jspecify.annotations.Nullable;

/** Reads the key of a request from its raw path or from {@code ?key64=}. */
final class Key {
    /** Bytes that a key has at most. */
    static final int MAX_BYTES = Limits.MAX_KEY_BYTES;

    /** The parameter that may give the key instead of the path. */
    static final String KEY64 = "key64";

    private Key() {}

    /** The key of a request whose path goes on with this text, still encoded, behind the collection's slash. */
    static Bytes ofPath(String encoded, Parameters parameters) {
        if (parameters.has(KEY64)) {
            throw bad("the key is given both in the path and as 'key64'; one is enough");
        }
        try {
            return checked(Bytes.wrap(PercentCoding.decode(encoded, false)));
        } catch (IllegalArgumentException e) {
            throw bad("the key cannot be decoded: " + e.getMessage());
        }
    }

    /** The key that {@code key64} gives; null when it is not given. */
    static @Nullable Bytes ofParameter(Parameters parameters) {
        Bytes encoded = parameters.bytes(KEY64);
        if (encoded == null) {
            return null;
        }
        try {
            return checked(Parameters.base64Url(encoded));
        } catch (IllegalArgumentException e) {
            throw bad("'key64' is no base64url: " + e.getMessage());
        }
    }

    private static Bytes checked(Bytes key) {
        if (key.size() == 0) {
            throw bad("the key is empty; a key has 1 to " + MAX_BYTES + " bytes");
        }
        checkLength(key, MAX_BYTES);
        return key;
    }

    /** Refuses a key that is longer than this. */
    static void checkLength(Bytes key, int maxBytes) {
        if (key.size() > maxBytes) {
            throw new ProblemException(
                    ProblemCode.KEY_TOO_LARGE, "the key has " + key.size() + " bytes; a key has 1 to " + maxBytes);
        }
    }

    private static ProblemException bad(String detail) {
        return new ProblemException(ProblemCode.BAD_KEY, detail);
    }
}
