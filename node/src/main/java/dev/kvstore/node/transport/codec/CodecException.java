package dev.kvstore.node.transport.codec;

/** Bytes from a connection that are not what the protocol says; the connection is of no use any more. */
public final class CodecException extends Exception {
    /** With what is wrong, in words. */
    public CodecException(String message) {
        super(message);
    }

    /** With what is wrong, in words, and what it was found by. */
    public CodecException(String message, Throwable cause) {
        super(message, cause);
    }
}
