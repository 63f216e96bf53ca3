package dev.kvstore.core.data;

/** The effect of an operation, as a log carries it: nothing in it depends on who applies it, or when. */
public sealed interface Change {
    /** Sets a key. {@code expiresAtMs} is in milliseconds since 1970, 0 when the key does not expire. */
    record Put(Bytes key, Bytes value, long expiresAtMs) implements Change {}

    /** Removes a key. */
    record Delete(Bytes key) implements Change {}

    /** Changes nothing; a primary begins its reign with it. */
    record Noop() implements Change {}

    /** Roughly the bytes that this change takes in a log or a message. */
    default int sizeBytes() {
        return switch (this) {
            case Put put -> 48 + put.key().size() + put.value().size();
            case Delete delete -> 40 + delete.key().size();
            case Noop noop -> 32;
        };
    }
}
