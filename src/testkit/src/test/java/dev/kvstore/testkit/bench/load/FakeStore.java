package dev.kvstore.testkit.bench.load;

import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A store in memory that answers on a thread of its own, as a rule says. */
class FakeStore implements Store {
    private final ExecutorService loop = Executors.newSingleThreadExecutor();
    private final Function<String, @Nullable String> rule;
    private final Set<Integer> busy = ConcurrentHashMap.newKeySet();

    /** What was wrong with how it was used. */
    final Queue<String> complaints = new ConcurrentLinkedQueue<>();

    final Queue<String> keys = new ConcurrentLinkedQueue<>();

    /** Answers each key with what the rule gives: null for success. */
    FakeStore(Function<String, @Nullable String> rule) {
        this.rule = rule;
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public void begin(Kind kind, int lane, String key, Answered answered) {
        if (!busy.add(lane)) {
            complaints.add("lane " + lane + " has two requests");
        }
        keys.add(key);
        loop.execute(() -> {
            busy.remove(lane);
            answered.answered(rule.apply(key));
        });
    }

    @Override
    public long cpuNs() {
        return 0;
    }

    @Override
    public void close() {
        loop.shutdownNow();
    }
}
