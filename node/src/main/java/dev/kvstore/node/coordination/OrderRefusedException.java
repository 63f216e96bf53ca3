package dev.kvstore.node.coordination;

/** What was ordered cannot be; the message says to a user why, and what could be. Nothing was changed. */
public final class OrderRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** With a message for a user. */
    public OrderRefusedException(String message) {
        super(message);
    }
}
