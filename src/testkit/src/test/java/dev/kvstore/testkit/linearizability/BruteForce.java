package dev.kvstore.testkit.linearizability;

import dev.kvstore.testkit.history.Call;
import dev.kvstore.testkit.history.Condition;
import dev.kvstore.testkit.history.Operation;
import dev.kvstore.testkit.history.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides small histories of one key by trying everything: every order, every version that a write of unknown outcome may
 * have got, every moment at which a value may have expired. It shares no code with the checker.
 */
final class BruteForce {

    private final List<Call> calls;
    private final long skewMs;
    private final long maxVersion;
    private final long endMs;

    private record Entry(String value, long version, long expiresMs) {}

    private BruteForce(List<Call> calls, long skewMs) {
        this.calls = calls;
        this.skewMs = skewMs;
        long version = 2L * calls.size() + 2;
        long end = 0;
        for (Call call : calls) {
            version = Math.max(version, mentioned(call) + 2L * calls.size() + 2);
            end = Math.max(end, startMs(call));
            end = call.returnNs() == Call.OPEN_END ? end : Math.max(end, endMs(call));
        }
        this.maxVersion = version;
        this.endMs = end;
    }

    static boolean linearizable(List<Call> calls, long skewMs) {
        return new BruteForce(calls, skewMs).place(0, 0, null, 0);
    }

    private static long mentioned(Call call) {
        return switch (call.outcome()) {
            case Outcome.Created created -> created.version();
            case Outcome.Replaced replaced -> replaced.version();
            case Outcome.Value value -> value.version();
            case Outcome.ConditionFailed failed -> failed.current() instanceof Outcome.Current.At at ? at.version() : 0;
            case Outcome.Deleted _, Outcome.NotFound _, Outcome.Refused _, Outcome.Unknown _ -> 0;
        };
    }

    private static long startMs(Call call) {
        return call.invokeNs() / RegisterRun.MS;
    }

    private static long endMs(Call call) {
        return call.returnNs() / RegisterRun.MS;
    }

    private static boolean mustHappen(Call call) {
        return !(call.outcome() instanceof Outcome.Unknown) && !(call.outcome() instanceof Outcome.Refused);
    }

    private boolean place(int placed, long nowMs, @Nullable Entry entry, long sequence) {
        boolean allPlaced = true;
        for (int i = 0; i < calls.size(); i++) {
            if ((placed & (1 << i)) == 0 && mustHappen(calls.get(i))) {
                allPlaced = false;
                if (endMs(calls.get(i)) < nowMs) {
                    return false;
                }
            }
        }
        if (allPlaced) {
            return true;
        }
        for (int i = 0; i < calls.size(); i++) {
            Call call = calls.get(i);
            if ((placed & (1 << i)) != 0 || call.outcome() instanceof Outcome.Refused) {
                continue;
            }
            long atMs = Math.max(nowMs, startMs(call));
            int with = placed | (1 << i);
            if (mustHappen(call) && atMs > endMs(call)) {
                continue;
            }
            if (entry == null || atMs <= entry.expiresMs()) {
                if (apply(call, with, atMs, entry, sequence)) {
                    return true;
                }
            }
            if (entry != null && entry.expiresMs() != Long.MAX_VALUE) {
                long laterMs = Math.max(atMs, entry.expiresMs());
                if ((!mustHappen(call) || laterMs <= endMs(call)) && apply(call, with, laterMs, null, sequence)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean apply(Call call, int placed, long atMs, @Nullable Entry entry, long sequence) {
        return switch (call.operation()) {
            case Operation.Get _ ->
                switch (call.outcome()) {
                    case Outcome.Value value ->
                        entry != null
                                && entry.value().equals(value.value())
                                && entry.version() == value.version()
                                && place(placed, atMs, entry, sequence);
                    case Outcome.NotFound _ -> entry == null && place(placed, atMs, null, sequence);
                    default -> place(placed, atMs, entry, sequence);
                };
            case Operation.Put put -> {
                if (!holds(put.condition(), entry)) {
                    yield failed(call, put.condition(), entry) && place(placed, atMs, entry, sequence);
                }
                yield switch (call.outcome()) {
                    case Outcome.Created created ->
                        entry == null
                                && created.version() > sequence
                                && put(call, put, placed, atMs, created.version());
                    case Outcome.Replaced replaced ->
                        entry != null
                                && replaced.version() > sequence
                                && put(call, put, placed, atMs, replaced.version());
                    case Outcome.Unknown _ -> {
                        boolean found = false;
                        for (long version = sequence + 1; !found && version <= maxVersion; version++) {
                            found = put(call, put, placed, atMs, version);
                        }
                        yield found;
                    }
                    default -> false;
                };
            }
            case Operation.Delete delete -> {
                if (entry == null && call.outcome() instanceof Outcome.NotFound) {
                    yield place(placed, atMs, null, sequence);
                }
                if (entry == null || !holds(delete.condition(), entry)) {
                    yield failed(call, delete.condition(), entry) && place(placed, atMs, entry, sequence);
                }
                yield (call.outcome() instanceof Outcome.Deleted || call.outcome() instanceof Outcome.Unknown)
                        && place(placed, atMs, null, Math.max(sequence, entry.version()) + 1);
            }
        };
    }

    private boolean put(Call call, Operation.Put put, int placed, long atMs, long version) {
        if (!put.expires()) {
            return place(placed, atMs, new Entry(put.value(), version, Long.MAX_VALUE), version);
        }
        long earliestMs = Math.max(startMs(call), startMs(call) + put.ttlMs() - skewMs);
        long latestMs =
                Math.min(endMs + 1, call.returnNs() == Call.OPEN_END ? endMs + 1 : endMs(call) + put.ttlMs() + skewMs);
        for (long expiresMs = earliestMs; expiresMs <= Math.max(earliestMs, latestMs); expiresMs++) {
            if (place(placed, atMs, new Entry(put.value(), version, expiresMs), version)) {
                return true;
            }
        }
        return false;
    }

    private static boolean holds(Condition condition, @Nullable Entry entry) {
        return switch (condition) {
            case Condition.None _ -> true;
            case Condition.IfAbsent _ -> entry == null;
            case Condition.IfVersion ifVersion -> entry != null && entry.version() == ifVersion.version();
        };
    }

    private static boolean failed(Call call, Condition condition, @Nullable Entry entry) {
        if (call.outcome() instanceof Outcome.Unknown) {
            return true;
        }
        if (!(call.outcome() instanceof Outcome.ConditionFailed told) || condition instanceof Condition.None) {
            return false;
        }
        return switch (told.current()) {
            case Outcome.Current.At at -> entry != null && entry.version() == at.version();
            case Outcome.Current.Absent _ -> entry == null;
            case Outcome.Current.NotTold _ -> true;
        };
    }
}
