package dev.kvstore.core.replication;

import dev.kvstore.core.data.Operation;
import dev.kvstore.core.data.Outcome;

/**
 * An operation that a partition's primary works on.
 *
 * @param deadlineMs monotonic time by which it must be answered
 * @param origin who wants to know how it ends
 */
public record Request(Operation operation, long deadlineMs, Origin origin) {
    /** Whoever asked. Exactly one of the two methods is called, once. */
    public interface Origin {
        /** The operation ended like this. */
        void answered(Outcome outcome);

        /** The operation was not appended and will not be: it may be tried elsewhere. */
        void notAppended();
    }

    void answer(Outcome outcome) {
        origin.answered(outcome);
    }

    void notAppended() {
        origin.notAppended();
    }
}
