package dev.kvstore.testkit.history;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects the calls of a run whose times the caller gives, such as a simulation's. Not safe for use by several threads;
 * {@link LiveRecorder} is.
 */
public final class HistoryRecorder {

    private final int maxCalls;
    private final List<Begun> begun = new ArrayList<>();
    private final List<@Nullable Call> ended = new ArrayList<>();

    /**
     * An empty recorder.
     *
     * @param maxCalls how many calls it takes
     */
    public HistoryRecorder(int maxCalls) {
        this.maxCalls = maxCalls;
    }

    /**
     * A client begins a call.
     *
     * @param client who
     * @param operation what
     * @param invokeNs when, in nanoseconds
     * @return the call's number, to complete it by
     * @throws IllegalStateException when the recorder is full
     */
    public int invoke(String client, Operation operation, long invokeNs) {
        if (begun.size() >= maxCalls) {
            throw new IllegalStateException("a history of more than " + maxCalls + " calls");
        }
        begun.add(new Begun(client, operation, invokeNs));
        ended.add(null);
        return begun.size() - 1;
    }

    /**
     * A client has its answer, or gives up with an {@link Outcome.Unknown}.
     *
     * @param number what {@link #invoke} returned
     * @param outcome what was answered
     * @param returnNs when, in nanoseconds; without meaning for an unknown outcome, whose end is open
     * @throws IllegalStateException when the call is complete already
     */
    public void complete(int number, Outcome outcome, long returnNs) {
        Begun call = begun.get(number);
        if (ended.get(number) != null) {
            throw new IllegalStateException("call " + number + " has an outcome already: " + call.operation());
        }
        long endNs = outcome instanceof Outcome.Unknown ? Call.OPEN_END : returnNs;
        ended.set(number, new Call(call.client(), call.operation(), call.invokeNs(), endNs, outcome));
    }

    /**
     * How many calls were begun.
     *
     * @return their number
     */
    public int size() {
        return begun.size();
    }

    /**
     * What was recorded so far. A call that is not complete has an unknown outcome.
     *
     * @return the history
     */
    public History history() {
        List<Call> calls = new ArrayList<>(begun.size());
        for (int number = 0; number < begun.size(); number++) {
            Call call = ended.get(number);
            Begun start = begun.get(number);
            calls.add(
                    call != null
                            ? call
                            : Call.unknown(start.client(), start.operation(), start.invokeNs(), "still running"));
        }
        return new History(calls);
    }

    private record Begun(String client, Operation operation, long invokeNs) {}
}
