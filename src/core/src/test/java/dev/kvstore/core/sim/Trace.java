package dev.kvstore.core.sim;

import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Supplier;

/** What happened in a run: a digest of all of it, and the newest lines when they are wanted. */
final class Trace {
    private final int keep;
    private final ArrayDeque<String> lines = new ArrayDeque<>();
    private long digest = 0xcbf29ce484222325L;

    /**
     * An empty trace.
     *
     * @param keep how many lines are kept, 0 for none
     */
    Trace(int keep) {
        this.keep = keep;
    }

    /** Adds an event to the digest and, if lines are kept, its text. */
    void add(long atUs, int code, Supplier<String> text) {
        digest = (digest ^ (atUs * 31 + code)) * 0x100000001b3L;
        if (keep > 0) {
            lines.addLast(String.format("%10.3f  %s", atUs / 1e3, text.get()));
            if (lines.size() > keep) {
                lines.removeFirst();
            }
        }
    }

    long digest() {
        return digest;
    }

    List<String> lines() {
        return List.copyOf(lines);
    }
}
