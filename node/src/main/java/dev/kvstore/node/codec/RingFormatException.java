package dev.kvstore.node.codec;

/** A text is not a ring document; the message says where and why. */
public final class RingFormatException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean later;

    RingFormatException(String message) {
        this(message, false);
    }

    RingFormatException(String message, boolean later) {
        super(message);
        this.later = later;
    }

    /** Whether a later version of this program wrote it: it may be whole, though this one cannot understand it. */
    public boolean later() {
        return later;
    }
}
