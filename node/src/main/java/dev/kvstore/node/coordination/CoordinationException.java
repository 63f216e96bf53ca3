package dev.kvstore.node.coordination;

/** Coordination cannot be used; the message says to a user what to do. */
public final class CoordinationException extends Exception {
    private static final long serialVersionUID = 1L;

    /** With a message for a user. */
    public CoordinationException(String message) {
        super(message);
    }

    /** With a message for a user and what caused it. */
    public CoordinationException(String message, Throwable cause) {
        super(message, cause);
    }
}
