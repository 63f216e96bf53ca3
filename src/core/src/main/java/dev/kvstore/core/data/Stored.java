package dev.kvstore.core.data;

/**
 * What a partition's applied state holds under a key.
 *
 * @param version sequence of the entry that wrote it
 * @param expiresAtMs milliseconds since 1970, 0 when it does not expire
 */
public record Stored(Bytes value, long version, long expiresAtMs) {
    /** Whether the key has expired at the given wall-clock time in milliseconds since 1970. */
    public boolean expiredAt(long wallMs) {
        return expiresAtMs != 0 && expiresAtMs <= wallMs;
    }
}
