package dev.kvstore.testkit.linearizability;

import dev.kvstore.testkit.history.Call;
import dev.kvstore.testkit.history.Operation;
import dev.kvstore.testkit.history.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What holds even for a read that asked for any replica's answer: its value and version were written by some call that
 * began before the read returned. How old they are, and whether the key was found at all, is free.
 */
final class StaleReads {

    private StaleReads() {}

    static Verdict check(String key, List<Call> calls) {
        List<Call> reads = new ArrayList<>();
        Map<Long, Call> acknowledged = new HashMap<>();
        Map<String, Call> unknown = new HashMap<>();
        for (Call call : calls) {
            switch (call.operation()) {
                case Operation.Get get -> {
                    if (get.stale() && call.outcome() instanceof Outcome.Value) {
                        reads.add(call);
                    }
                }
                case Operation.Put put -> {
                    switch (call.outcome()) {
                        case Outcome.Created created -> acknowledged.put(created.version(), call);
                        case Outcome.Replaced replaced -> acknowledged.put(replaced.version(), call);
                        case Outcome.Unknown _ ->
                            unknown.merge(put.value(), call, (a, b) -> a.invokeNs() <= b.invokeNs() ? a : b);
                        case Outcome.Deleted _,
                                Outcome.Value _,
                                Outcome.NotFound _,
                                Outcome.ConditionFailed _,
                                Outcome.Refused _ -> {}
                    }
                }
                case Operation.Delete _ -> {}
            }
        }
        for (Call read : reads) {
            if (read.outcome() instanceof Outcome.Value found && !isExplained(read, found, acknowledged, unknown)) {
                return new Verdict.Violation(key, Explanation.ofStaleRead(key, calls, read));
            }
        }
        return new Verdict.Linearizable(calls.size(), 0);
    }

    private static boolean isExplained(
            Call read, Outcome.Value found, Map<Long, Call> acknowledged, Map<String, Call> unknown) {
        Call writer = acknowledged.get(found.version());
        if (writer == null) {
            writer = unknown.get(found.value());
        }
        return writer != null
                && writer.invokeNs() <= read.returnNs()
                && writer.operation() instanceof Operation.Put put
                && put.value().equals(found.value());
    }
}
