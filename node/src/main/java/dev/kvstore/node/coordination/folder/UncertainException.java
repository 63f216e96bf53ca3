package dev.kvstore.node.coordination.folder;

/** Nobody knows whether a file came about, or whether it counts. */
final class UncertainException extends Exception {
    private static final long serialVersionUID = 1L;

    UncertainException(String message) {
        super(message);
    }

    UncertainException(String message, Throwable cause) {
        super(message, cause);
    }
}
