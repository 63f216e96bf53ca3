package dev.kvstore.testkit.linearizability;

import dev.kvstore.testkit.history.Call;
import dev.kvstore.testkit.history.History;
import dev.kvstore.testkit.history.Operation;
import dev.kvstore.testkit.history.Outcome;
import java.util.ArrayList;
import java.util.List;

/** Writes histories by hand, with times in milliseconds. */
final class Script {

    static final String KEY = "k";

    private final List<Call> calls = new ArrayList<>();

    Script call(long invokeMs, long returnMs, Operation operation, Outcome outcome) {
        calls.add(
                new Call("c" + calls.size(), operation, invokeMs * RegisterRun.MS, returnMs * RegisterRun.MS, outcome));
        return this;
    }

    Script unknown(long invokeMs, Operation operation) {
        calls.add(Call.unknown("c" + calls.size(), operation, invokeMs * RegisterRun.MS, "timeout"));
        return this;
    }

    Script created(long invokeMs, long returnMs, String value, long version) {
        return call(invokeMs, returnMs, Operation.put(KEY, value), new Outcome.Created(version));
    }

    Script replaced(long invokeMs, long returnMs, String value, long version) {
        return call(invokeMs, returnMs, Operation.put(KEY, value), new Outcome.Replaced(version));
    }

    Script deleted(long invokeMs, long returnMs) {
        return call(invokeMs, returnMs, Operation.delete(KEY), new Outcome.Deleted());
    }

    Script read(long invokeMs, long returnMs, String value, long version) {
        return call(invokeMs, returnMs, Operation.get(KEY), new Outcome.Value(value, version));
    }

    Script readNothing(long invokeMs, long returnMs) {
        return call(invokeMs, returnMs, Operation.get(KEY), new Outcome.NotFound());
    }

    Script staleRead(long invokeMs, long returnMs, String value, long version) {
        return call(invokeMs, returnMs, Operation.staleGet(KEY), new Outcome.Value(value, version));
    }

    History history() {
        return new History(calls);
    }

    Verdict check() {
        return check(0);
    }

    Verdict check(long clockSkewMs) {
        return new LinearizabilityChecker(CheckerSettings.withSkewMs(clockSkewMs)).check(history());
    }
}
