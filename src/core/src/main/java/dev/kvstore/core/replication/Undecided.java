package dev.kvstore.core.replication;

import dev.kvstore.core.data.EntryId;
import dev.kvstore.core.data.Outcome;
import dev.kvstore.core.data.Outcome.Failure;
import java.util.ArrayDeque;

/**
 * Writes that were in flight when their primary's reign ended. Only the next reigns decide on them: what became of a write
 * shows when its place in the log is committed, here too, since this member goes on as a replica. Before that a later
 * primary may still have the entry, though the present one has not.
 */
final class Undecided {
    private record InFlight(EntryId id, Request request, Outcome outcome) {}

    private final ArrayDeque<InFlight> writes = new ArrayDeque<>();

    /** Writes are added in the order of their entries. */
    void add(EntryId id, Request request, Outcome outcome) {
        writes.addLast(new InFlight(id, request, outcome));
    }

    boolean isEmpty() {
        return writes.isEmpty();
    }

    /** Answers what is decided by now. */
    void settle(Copy copy) {
        while (!writes.isEmpty() && writes.getFirst().id().seq() <= copy.commitSeq()) {
            InFlight first = writes.removeFirst();
            if (copy.log().contains(first.id())) {
                first.request().answer(first.outcome());
            } else if (first.id().seq() > copy.log().base().seq()) {
                // Another entry is committed in its place.
                first.request().notAppended();
            } else {
                // A snapshot does not tell.
                first.request().answer(Outcome.failed(Failure.UNKNOWN));
            }
        }
    }

    /** Gives up what nobody may wait for any longer. */
    void expire(long nowMs) {
        writes.removeIf(each -> {
            boolean due = each.request().deadlineMs() <= nowMs;
            if (due) {
                each.request().answer(Outcome.failed(Failure.UNKNOWN));
            }
            return due;
        });
    }

    /** This member will not hear of the end. */
    void end() {
        writes.forEach(each -> each.request().answer(Outcome.failed(Failure.UNKNOWN)));
        writes.clear();
    }
}
