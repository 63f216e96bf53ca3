package dev.kvstore.testkit.linearizability;

import dev.kvstore.testkit.history.Call;
import dev.kvstore.testkit.history.Condition;
import dev.kvstore.testkit.history.History;
import dev.kvstore.testkit.history.Operation;
import dev.kvstore.testkit.history.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Concurrent clients of a real register in memory, on virtual time: every operation takes effect at one moment between
 * its start and its end, so the history is linearizable by construction.
 */
final class RegisterRun {

    static final long MS = 1_000_000;

    /**
     * What a run looks like.
     *
     * @param calls how many calls in all
     * @param clients how many clients call at a time
     * @param keys how many keys they share
     * @param uniqueValues whether no value is written twice
     * @param unknownPercent how many outcomes are lost
     * @param refusedPercent how many calls are refused
     * @param ttlPercent how many puts have a time to live
     * @param maxTtlMs the longest time to live
     * @param skewMs how far the clocks of the nodes that answer are apart
     * @param notToldPercent how many failed conditions do not tell the version
     */
    record Shape(
            int calls,
            int clients,
            int keys,
            boolean uniqueValues,
            int unknownPercent,
            int refusedPercent,
            int ttlPercent,
            int maxTtlMs,
            int skewMs,
            int notToldPercent) {}

    private record Step(long atMs, int order, Runnable action) {}

    private record Entry(String value, long version, long expiresAtMs) {}

    private final Shape shape;
    private final Random random;
    private final PriorityQueue<Step> steps =
            new PriorityQueue<>(Comparator.comparingLong(Step::atMs).thenComparingInt(Step::order));
    private final Map<String, Entry> entries = new HashMap<>();
    private final Map<String, Long> lastSeen = new HashMap<>();
    private final List<Call> calls = new ArrayList<>();
    private int stepCount;
    private int started;
    private long nowMs;
    private long sequence;

    private RegisterRun(Shape shape, Random random) {
        this.shape = shape;
        this.random = random;
    }

    static History history(Shape shape, Random random) {
        RegisterRun run = new RegisterRun(shape, random);
        for (int client = 0; client < shape.clients(); client++) {
            run.startLater("c" + client, 5);
        }
        for (Step step = run.steps.poll(); step != null; step = run.steps.poll()) {
            run.nowMs = step.atMs();
            step.action().run();
        }
        return new History(run.calls);
    }

    private void after(long delayMs, Runnable action) {
        steps.add(new Step(nowMs + delayMs, stepCount++, action));
    }

    private void startLater(String client, int withinMs) {
        if (started < shape.calls()) {
            started++;
            after(random.nextInt(withinMs), () -> start(client));
        }
    }

    private boolean percent(int chance) {
        return random.nextInt(100) < chance;
    }

    private void start(String client) {
        long invokeNs = nowMs * MS;
        Operation operation = operation();
        if (percent(shape.refusedPercent())) {
            after(random.nextInt(4), () -> {
                calls.add(new Call(client, operation, invokeNs, nowMs * MS, new Outcome.Refused("busy")));
                startLater(client, 4);
            });
        } else if (percent(shape.unknownPercent())) {
            calls.add(Call.unknown(client, operation, invokeNs, "timeout"));
            if (random.nextBoolean()) {
                after(random.nextInt(40), () -> perform(operation));
            }
            startLater(client, 12);
        } else {
            after(random.nextInt(5), () -> {
                Outcome outcome = perform(operation);
                after(random.nextInt(5), () -> {
                    calls.add(new Call(client, operation, invokeNs, nowMs * MS, outcome));
                    startLater(client, 4);
                });
            });
        }
    }

    private Operation operation() {
        String key = "k" + random.nextInt(shape.keys());
        return switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> Operation.get(key);
            case 4, 5, 6 -> {
                long ttlMs = percent(shape.ttlPercent()) ? 1 + random.nextInt(shape.maxTtlMs()) : Operation.NO_TTL;
                yield new Operation.Put(key, value(), ttlMs, Condition.NONE);
            }
            case 7 -> Operation.put(key, value(), random.nextBoolean() ? Condition.IF_ABSENT : someVersion(key));
            case 8 -> Operation.delete(key);
            default -> Operation.delete(key, someVersion(key));
        };
    }

    private Condition someVersion(String key) {
        long version = lastSeen.getOrDefault(key, 1L);
        return Condition.ifVersion(percent(70) ? version : 1 + random.nextLong(version + 2));
    }

    private String value() {
        return shape.uniqueValues() ? "v" + started : "v" + random.nextInt(3);
    }

    private Outcome perform(Operation operation) {
        String key = operation.key();
        long clockMs = nowMs + random.nextInt(shape.skewMs() + 1);
        Entry entry = entries.get(key);
        if (entry != null && clockMs >= entry.expiresAtMs()) {
            entries.remove(key);
            entry = null;
        }
        return switch (operation) {
            case Operation.Get _ ->
                entry == null ? new Outcome.NotFound() : new Outcome.Value(entry.value(), entry.version());
            case Operation.Put put ->
                holds(put.condition(), entry)
                        ? write(put, entry, clockMs)
                        : new Outcome.ConditionFailed(current(entry));
            case Operation.Delete delete -> {
                if (entry == null) {
                    yield random.nextBoolean() || delete.condition() instanceof Condition.None
                            ? new Outcome.NotFound()
                            : new Outcome.ConditionFailed(current(null));
                }
                if (!holds(delete.condition(), entry)) {
                    yield new Outcome.ConditionFailed(current(entry));
                }
                entries.remove(key);
                nextSequence();
                yield new Outcome.Deleted();
            }
        };
    }

    private Outcome write(Operation.Put put, @Nullable Entry replaced, long clockMs) {
        long version = nextSequence();
        lastSeen.put(put.key(), version);
        entries.put(put.key(), new Entry(put.value(), version, put.expires() ? clockMs + put.ttlMs() : Long.MAX_VALUE));
        return replaced == null ? new Outcome.Created(version) : new Outcome.Replaced(version);
    }

    private long nextSequence() {
        sequence += percent(20) ? 2 : 1;
        return sequence;
    }

    private Outcome.Current current(@Nullable Entry entry) {
        if (percent(shape.notToldPercent())) {
            return new Outcome.Current.NotTold();
        }
        return entry == null ? new Outcome.Current.Absent() : new Outcome.Current.At(entry.version());
    }

    private static boolean holds(Condition condition, @Nullable Entry entry) {
        return switch (condition) {
            case Condition.None _ -> true;
            case Condition.IfAbsent _ -> entry == null;
            case Condition.IfVersion ifVersion -> entry != null && entry.version() == ifVersion.version();
        };
    }
}
