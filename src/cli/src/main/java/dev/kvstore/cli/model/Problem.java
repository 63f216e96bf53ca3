package dev.kvstore.cli.model;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * A node's refusal, from its RFC 9457 problem document.
 *
 * @param status the HTTP status
 * @param code the stable code, empty when the answer was no problem document
 * @param detail a sentence for people
 * @param retryAfterS when it may be tried again, in seconds
 * @param version the version that the key has, after a condition that did not hold
 */
public record Problem(int status, String code, String detail, Optional<String> retryAfterS, OptionalLong version) {
    /** The key is not there. */
    public static final String NOT_FOUND = "not-found";
    /** Nobody can order the key's writes for now; nothing was written. */
    public static final String NO_PRIMARY = "no-primary";
    /** Too much to do; nothing was written. */
    public static final String OVERLOADED = "overloaded";
    /** The last copy of the key's partition is gone; nothing was written. */
    public static final String PARTITION_LOST = "partition-lost";
    /** No room on a disk; nothing was written. */
    public static final String DISK_FULL = "disk-full";
    /** What was ordered cannot be; nothing was changed. */
    public static final String ORDER_REFUSED = "order-refused";
    /** The condition did not hold; nothing was written. */
    public static final String CONDITION_FAILED = "condition-failed";
}
