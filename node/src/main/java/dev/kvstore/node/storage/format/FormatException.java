package dev.kvstore.node.storage.format;

/** Bytes that were read are not what this program, or an older version of it, writes. */
public final class FormatException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The message says what was read and what is wrong with it. */
    public FormatException(String message) {
        super(message);
    }
}
