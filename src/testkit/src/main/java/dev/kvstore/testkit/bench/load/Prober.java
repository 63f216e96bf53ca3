package dev.kvstore.testkit.bench.load;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes to every slot of a store again and again, each slot on its own: after an acknowledgement there is a pause, after a
 * failure the next node is tried. Every write has a key of its own, so that what was acknowledged can be looked for later. It
 * uses lane {@code slot * nodes + node} of its store.
 */
public final class Prober implements AutoCloseable {
    private final Store store;
    private final int nodes;
    private final List<String> tags;
    private final String run;
    private final Duration pause;
    private final Duration retryPause;
    private final OutageDetector detector;
    private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
    private final AtomicLong writes = new AtomicLong();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private volatile boolean stopping;

    /**
     * A prober that does not write yet.
     *
     * @param store with as many lanes as slots times nodes
     * @param nodes how many nodes there are
     * @param tags for each slot what stands between braces in its keys, which decides where they live
     * @param run part of every key, another one each time
     * @param pause between an acknowledgement and the next write
     * @param retryPause between a failure and the next attempt
     */
    public Prober(Store store, int nodes, List<String> tags, String run, Duration pause, Duration retryPause) {
        this.store = store;
        this.nodes = nodes;
        this.tags = List.copyOf(tags);
        this.run = run;
        this.pause = pause;
        this.retryPause = retryPause;
        this.detector = new OutageDetector(tags.size());
    }

    /** Begins to write. */
    public void start() {
        for (int slot = 0; slot < tags.size(); slot++) {
            later(slot, slot % nodes, pause.multipliedBy(slot).dividedBy(tags.size()));
        }
    }

    /**
     * What it sees.
     *
     * @return the detector; slots are its keys
     */
    public OutageDetector detector() {
        return detector;
    }

    /**
     * The keys of the writes that were acknowledged.
     *
     * @return so far
     */
    public List<String> acknowledged() {
        return List.copyOf(acknowledged);
    }

    private void attempt(int slot, int node) {
        String key = "{" + tags.get(slot) + "}" + run + "-" + writes.incrementAndGet();
        store.begin(Kind.PUT, slot * nodes + node, key, failure -> {
            if (failure == null) {
                acknowledged.add(key);
                detector.acknowledged(slot, System.nanoTime());
                later(slot, node, pause);
            } else {
                later(slot, (node + 1) % nodes, retryPause);
            }
        });
    }

    private void later(int slot, int node, Duration delay) {
        if (stopping) {
            return;
        }
        try {
            // what it does cannot fail
            var _ = timer.schedule(() -> attempt(slot, node), delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException _) {
            // it was closed in between: this slot has written its last
        }
    }

    /** Writes no more; what is under way may still end. */
    @Override
    public void close() {
        stopping = true;
        timer.shutdownNow();
    }
}
