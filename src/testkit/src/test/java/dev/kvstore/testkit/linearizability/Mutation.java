package dev.kvstore.testkit.linearizability;

import dev.kvstore.testkit.history.Call;
import dev.kvstore.testkit.history.History;
import dev.kvstore.testkit.history.Operation;
import dev.kvstore.testkit.history.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Falsifies one answer, or the time of one call, of a history. */
final class Mutation {

    private Mutation() {}

    static History mutated(History history, Random random) {
        List<Call> calls = new ArrayList<>(history.calls());
        for (int attempt = 0; attempt < 20; attempt++) {
            int at = random.nextInt(calls.size());
            Call call = calls.get(at);
            if (call.outcome() instanceof Outcome.Unknown || call.outcome() instanceof Outcome.Refused) {
                continue;
            }
            calls.set(at, random.nextInt(5) == 0 ? moved(call, random) : answered(call, calls, random));
            break;
        }
        return new History(calls);
    }

    private static Call moved(Call call, Random random) {
        long byNs = Math.max((random.nextInt(40) - 20) * RegisterRun.MS, -call.invokeNs());
        return new Call(
                call.client(), call.operation(), call.invokeNs() + byNs, call.returnNs() + byNs, call.outcome());
    }

    private static Call answered(Call call, List<Call> calls, Random random) {
        Outcome outcome = switch (call.outcome()) {
            case Outcome.Created created ->
                random.nextBoolean()
                        ? new Outcome.Replaced(created.version())
                        : new Outcome.Created(near(created.version(), random));
            case Outcome.Replaced replaced ->
                random.nextBoolean()
                        ? new Outcome.Created(replaced.version())
                        : new Outcome.Replaced(near(replaced.version(), random));
            case Outcome.Deleted _ -> new Outcome.NotFound();
            case Outcome.Value value ->
                switch (random.nextInt(3)) {
                    case 0 -> new Outcome.NotFound();
                    case 1 -> new Outcome.Value(someValue(calls, random), value.version());
                    default -> new Outcome.Value(value.value(), near(value.version(), random));
                };
            case Outcome.NotFound _ ->
                call.operation() instanceof Operation.Get
                        ? new Outcome.Value(someValue(calls, random), 1 + random.nextInt(10))
                        : new Outcome.Deleted();
            case Outcome.ConditionFailed failed ->
                switch (failed.current()) {
                    case Outcome.Current.At at ->
                        random.nextBoolean()
                                ? Outcome.conditionFailedAbsent()
                                : Outcome.conditionFailedAt(near(at.version(), random));
                    case Outcome.Current.Absent _, Outcome.Current.NotTold _ ->
                        Outcome.conditionFailedAt(1 + random.nextInt(10));
                };
            case Outcome.Refused refused -> refused;
            case Outcome.Unknown unknown -> unknown;
        };
        return new Call(call.client(), call.operation(), call.invokeNs(), call.returnNs(), outcome);
    }

    private static long near(long version, Random random) {
        return Math.max(1, version + random.nextInt(5) - 2);
    }

    private static String someValue(List<Call> calls, Random random) {
        List<String> values = new ArrayList<>(List.of("never"));
        for (Call call : calls) {
            if (call.operation() instanceof Operation.Put put) {
                values.add(put.value());
            }
        }
        return values.get(random.nextInt(values.size()));
    }
}
