package dev.kvstore.node.coordination;

/** A text is not a desired state; the message says why. */
public final class DesiredFormatException extends Exception {
    private static final long serialVersionUID = 1L;

    public DesiredFormatException(String message) {
        super(message);
    }
}
