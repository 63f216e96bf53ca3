package dev.kvstore.node.http;

/** The stable codes of problem documents, each with its status and title. */
public enum ProblemCode {
    BAD_KEY(400, "bad-key", "The key cannot be read"),
    KEY_TOO_LARGE(400, "key-too-large", "The key is too large"),
    BAD_TTL(400, "bad-ttl", "The time to live cannot be used"),
    BAD_HEADER(400, "bad-header", "A header cannot be used"),
    BAD_QUERY(400, "bad-query", "A query parameter cannot be used"),
    BAD_REQUEST(400, "bad-request", "The request cannot be read"),
    NOT_FOUND(404, "not-found", "The key is absent"),
    NO_SUCH_PATH(404, "no-such-path", "There is nothing at this path"),
    METHOD_NOT_ALLOWED(405, "method-not-allowed", "The path does not take this method"),
    BODY_TIMEOUT(408, "body-timeout", "The body did not arrive in time"),
    ORDER_REFUSED(409, "order-refused", "What was ordered cannot be"),
    CONDITION_FAILED(412, "condition-failed", "The condition does not hold"),
    VALUE_TOO_LARGE(413, "value-too-large", "The value is too large"),
    OVERLOADED(429, "overloaded", "The node has too much to do"),
    INTERNAL(500, "internal", "The node has a defect"),
    NO_PRIMARY(503, "no-primary", "No primary serves the key for now"),
    PARTITION_LOST(503, "partition-lost", "The last copy of the partition is lost"),
    OUTCOME_UNKNOWN(504, "outcome-unknown", "Nobody knows whether the write took effect"),
    DISK_FULL(507, "disk-full", "The disk takes no writes");

    private final int status;
    private final String code;
    private final String title;

    ProblemCode(int status, String code, String title) {
        this.status = status;
        this.code = code;
        this.title = title;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** What clients may rely on. */
    public String code() {
        return code;
    }

    /** The same for every problem of the code, for people. */
    public String title() {
        return title;
    }

    /** Whether a client should try again in a moment. */
    public boolean retry() {
        return this == OVERLOADED || this == NO_PRIMARY || this == PARTITION_LOST;
    }

    /** The code for a status that something else than this interface has chosen. */
    static ProblemCode ofStatus(int status) {
        return switch (status) {
            case 404 -> NO_SUCH_PATH;
            case 405 -> METHOD_NOT_ALLOWED;
            case 408 -> BODY_TIMEOUT;
            case 413 -> VALUE_TOO_LARGE;
            case 429 -> OVERLOADED;
            default -> status >= 400 && status < 500 ? BAD_REQUEST : INTERNAL;
        };
    }
}
