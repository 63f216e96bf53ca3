package dev.kvstore.node.coordination.folder;

/** How a register's documents are written. */
interface Format<T> {
    String write(T value);

    /** Throws {@link UnreadableException} when the text is no such document. */
    T read(String text) throws UnreadableException;

    /** A text is not the document that it should be. */
    final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnreadableException(Exception cause) {
            super(cause.getMessage(), cause);
        }
    }
}
