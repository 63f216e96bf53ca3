package dev.kvstore.node.transport;

/** The transport cannot start; the message says to a user what to do. */
public final class TransportException extends Exception {
    /** With a message for a user. */
    public TransportException(String message) {
        super(message);
    }

    /** With a message for a user and what caused it. */
    public TransportException(String message, Throwable cause) {
        super(message, cause);
    }
}
