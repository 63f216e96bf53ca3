package dev.kvstore.testkit.linearizability;

import dev.kvstore.testkit.history.Call;
import dev.kvstore.testkit.history.Condition;
import dev.kvstore.testkit.history.Operation;
import dev.kvstore.testkit.history.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;

/** The calls on a key as a table for a human, numbered in the order of their starts. */
final class CallTable {

    /** Rows before and after the one of interest; the rest of a long history is left out. */
    private static final int ROWS_BEFORE = 60;

    private static final int ROWS_AFTER = 20;

    private static final int MAX_VALUE_CHARS = 40;
    private static final double NANOS_PER_MS = 1e6;

    private final List<Call> calls;
    private final IdentityHashMap<Call, Integer> numbers = new IdentityHashMap<>();
    private final long zeroNs;

    CallTable(List<Call> calls) {
        this.calls = new ArrayList<>(calls);
        this.calls.sort(Comparator.comparingLong(Call::invokeNs).thenComparingLong(Call::returnNs));
        for (int i = 0; i < this.calls.size(); i++) {
            numbers.put(this.calls.get(i), i + 1);
        }
        this.zeroNs = this.calls.isEmpty() ? 0 : this.calls.getFirst().invokeNs();
    }

    /** How a call is named in the text. */
    String name(Call call) {
        return "#" + numbers.get(call);
    }

    /** A moment, in milliseconds since the first call's start. */
    String moment(long timeNs) {
        return timeNs == Call.OPEN_END ? "open" : String.format(Locale.ROOT, "%.3f", (timeNs - zeroNs) / NANOS_PER_MS);
    }

    /** The rows around one call. */
    String around(Call call) {
        int row = numbers.getOrDefault(call, 1) - 1;
        int from = Math.max(0, row - ROWS_BEFORE);
        int to = Math.min(calls.size(), row + ROWS_AFTER + 1);
        StringBuilder table = new StringBuilder();
        table.append(String.format(Locale.ROOT, "%5s  %-10s %12s %12s%n", "", "client", "invoke ms", "return ms"));
        if (from > 0) {
            table.append(String.format(Locale.ROOT, "       ... %d earlier calls%n", from));
        }
        for (Call shown : calls.subList(from, to)) {
            table.append(String.format(
                    Locale.ROOT,
                    "%5s  %-10s %12s %12s  %s -> %s%n",
                    name(shown),
                    shown.client(),
                    moment(shown.invokeNs()),
                    moment(shown.returnNs()),
                    question(shown.operation()),
                    answer(shown.outcome())));
        }
        if (to < calls.size()) {
            table.append(String.format(Locale.ROOT, "       ... %d later calls%n", calls.size() - to));
        }
        return table.toString();
    }

    static String question(Operation operation) {
        return switch (operation) {
            case Operation.Get get -> get.stale() ? "stale get" : "get";
            case Operation.Put put ->
                "put " + quoted(put.value()) + (put.expires() ? " ttl " + put.ttlMs() + " ms" : "")
                        + suffix(put.condition());
            case Operation.Delete delete -> "delete" + suffix(delete.condition());
        };
    }

    static String answer(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Created created -> "created version " + created.version();
            case Outcome.Replaced replaced -> "replaced, version " + replaced.version();
            case Outcome.Deleted _ -> "deleted";
            case Outcome.Value value -> quoted(value.value()) + " version " + value.version();
            case Outcome.NotFound _ -> "not found";
            case Outcome.ConditionFailed failed ->
                "condition failed"
                        + switch (failed.current()) {
                            case Outcome.Current.At at -> ", version is " + at.version();
                            case Outcome.Current.Absent _ -> ", key is absent";
                            case Outcome.Current.NotTold _ -> "";
                        };
            case Outcome.Refused refused -> "refused (" + refused.reason() + ")";
            case Outcome.Unknown unknown -> "unknown (" + unknown.reason() + ")";
        };
    }

    static String quoted(String value) {
        return '"' + (value.length() <= MAX_VALUE_CHARS ? value : value.substring(0, MAX_VALUE_CHARS) + "...") + '"';
    }

    private static String suffix(Condition condition) {
        return switch (condition) {
            case Condition.None _ -> "";
            case Condition.IfAbsent _ -> " if absent";
            case Condition.IfVersion ifVersion -> " if version " + ifVersion.version();
        };
    }
}
