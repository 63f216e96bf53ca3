package dev.kvstore.node.codec;

/** A text is not a ring document; the message says where and why. */
public final class RingFormatException extends Exception {
    private static final long serialVersionUID = 1L;

    RingFormatException(String message) {
        super(message);
    }
}
