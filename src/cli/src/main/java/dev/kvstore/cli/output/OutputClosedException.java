package dev.kvstore.cli.output;

import java.io.IOException;

/** Standard output took no more: its reader has gone, or its disk is full. */
public final class OutputClosedException extends RuntimeException {
    OutputClosedException(IOException cause) {
        super(cause.getMessage(), cause);
    }

    /** Whether the reader has simply seen enough, as {@code head} does, which is no failure. */
    public boolean readerHasGone() {
        String message = getMessage();
        return message != null && message.contains("Broken pipe");
    }
}
