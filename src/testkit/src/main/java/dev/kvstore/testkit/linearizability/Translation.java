package dev.kvstore.testkit.linearizability;

import dev.kvstore.testkit.history.Call;
import dev.kvstore.testkit.history.Condition;
import dev.kvstore.testkit.history.Operation;
import dev.kvstore.testkit.history.Outcome;
import org.jspecify.annotations.Nullable;

/** Reduces calls to actions: this is where the meaning of every answer stands. */
final class Translation {

    private static final long NANOS_PER_MS = 1_000_000;

    private Translation() {}

    /** Whether a call says or does anything that the order of the key's calls must explain. */
    static boolean matters(Call call) {
        if (call.outcome() instanceof Outcome.Refused) {
            return false;
        }
        if (call.operation() instanceof Operation.Get get) {
            return !get.stale() && !(call.outcome() instanceof Outcome.Unknown);
        }
        return true;
    }

    static Action action(Call call, VersionEvidence evidence) {
        return switch (call.operation()) {
            case Operation.Get _ -> Action.observe(call, read(call.outcome()));
            case Operation.Put put -> put(call, put.condition(), evidence);
            case Operation.Delete delete -> delete(call, delete.condition());
        };
    }

    /**
     * When what a put wrote expires; null when it does not. The put took effect somewhere within its call, by a clock that
     * may differ from the clock by which another node watches the value.
     */
    static @Nullable Action expiry(Action put, long clockSkewMs) {
        if (!(put.expires() && put.call.operation() instanceof Operation.Put operation)) {
            return null;
        }
        long ttlNs = saturatedNs(operation.ttlMs());
        long skewNs = saturatedNs(clockSkewMs);
        long earliestNs = Math.max(put.invokeNs, saturatedSum(put.invokeNs, ttlNs) - skewNs);
        long latestNs =
                put.returnNs == Call.OPEN_END ? Call.OPEN_END : saturatedSum(saturatedSum(put.returnNs, ttlNs), skewNs);
        return Action.expiry(put, earliestNs, latestNs);
    }

    private static Demand read(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Value value -> Demand.holds(value.value(), value.version());
            case Outcome.NotFound _ -> Demand.ABSENT;
            case Outcome.Created _,
                    Outcome.Replaced _,
                    Outcome.Deleted _,
                    Outcome.ConditionFailed _,
                    Outcome.Refused _,
                    Outcome.Unknown _ -> throw new IllegalStateException("a read without a state: " + outcome);
        };
    }

    private static Action put(Call call, Condition condition, VersionEvidence evidence) {
        return switch (call.outcome()) {
            case Outcome.Created created ->
                Action.put(
                        call,
                        condition instanceof Condition.IfVersion ? Demand.IMPOSSIBLE : Demand.ABSENT,
                        created.version(),
                        call.returnNs());
            case Outcome.Replaced replaced ->
                Action.put(call, whenReplacing(condition), replaced.version(), call.returnNs());
            case Outcome.ConditionFailed failed -> Action.observe(call, whenFailing(condition, failed.current()));
            case Outcome.Unknown _ -> {
                VersionEvidence.Revealed revealed = evidence.revealed(call);
                yield revealed == null
                        ? Action.perhaps(call, Action.Effect.PUT, whenAllowed(condition))
                        : Action.put(call, whenAllowed(condition), revealed.version(), revealed.byNs());
            }
            case Outcome.Deleted _, Outcome.Value _, Outcome.NotFound _, Outcome.Refused _ ->
                throw new IllegalStateException("no outcome of a put: " + call);
        };
    }

    private static Action delete(Call call, Condition condition) {
        return switch (call.outcome()) {
            case Outcome.Deleted _ -> Action.delete(call, presentAnd(condition));
            case Outcome.NotFound _ -> Action.observe(call, Demand.ABSENT);
            case Outcome.ConditionFailed failed -> Action.observe(call, whenFailing(condition, failed.current()));
            // a delete that finds nothing has no effect, so only its taking effect is of interest
            case Outcome.Unknown _ -> Action.perhaps(call, Action.Effect.DELETE, presentAnd(condition));
            case Outcome.Created _, Outcome.Replaced _, Outcome.Value _, Outcome.Refused _ ->
                throw new IllegalStateException("no outcome of a delete: " + call);
        };
    }

    private static Demand whenReplacing(Condition condition) {
        return condition instanceof Condition.IfAbsent ? Demand.IMPOSSIBLE : presentAnd(condition);
    }

    private static Demand presentAnd(Condition condition) {
        return condition instanceof Condition.IfVersion ifVersion ? Demand.at(ifVersion.version()) : Demand.PRESENT;
    }

    private static Demand whenAllowed(Condition condition) {
        return switch (condition) {
            case Condition.None _ -> Demand.ANYTHING;
            case Condition.IfAbsent _ -> Demand.ABSENT;
            case Condition.IfVersion ifVersion -> Demand.at(ifVersion.version());
        };
    }

    private static Demand whenFailing(Condition condition, Outcome.Current current) {
        return switch (condition) {
            case Condition.None _ -> Demand.IMPOSSIBLE;
            case Condition.IfAbsent _ ->
                switch (current) {
                    case Outcome.Current.At at -> Demand.at(at.version());
                    case Outcome.Current.Absent _ -> Demand.IMPOSSIBLE;
                    case Outcome.Current.NotTold _ -> Demand.PRESENT;
                };
            case Condition.IfVersion ifVersion ->
                switch (current) {
                    case Outcome.Current.At at ->
                        at.version() == ifVersion.version() ? Demand.IMPOSSIBLE : Demand.at(at.version());
                    case Outcome.Current.Absent _ -> Demand.ABSENT;
                    case Outcome.Current.NotTold _ -> Demand.notAt(ifVersion.version());
                };
        };
    }

    private static long saturatedNs(long ms) {
        return ms > Long.MAX_VALUE / NANOS_PER_MS ? Long.MAX_VALUE : ms * NANOS_PER_MS;
    }

    private static long saturatedSum(long a, long b) {
        // times may be negative (System.nanoTime), durations are not: only the upper end can overflow
        return b > 0 && a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }
}
