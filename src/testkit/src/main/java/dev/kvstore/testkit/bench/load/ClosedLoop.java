package dev.kvstore.testkit.bench.load;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Load for the highest throughput: every lane sends its next request as soon as its last is answered. Its latencies are those of
 * a saturated store; a store that stalls gets less load meanwhile, so they are not what a user at a given rate would see.
 * {@link OpenLoop} measures that.
 */
public final class ClosedLoop {
    /** How long the last answers may take after the time is over. */
    private static final Duration ENDING = Duration.ofMinutes(1);

    private static final double NS_PER_S = 1e9;

    private final Store store;
    private final Kind kind;
    private final Supplier<@Nullable String> keys;
    private final Latencies latencies = new Latencies();
    private final CountDownLatch running;
    private volatile boolean stopping;

    private ClosedLoop(Store store, Kind kind, int lanes, Supplier<@Nullable String> keys) {
        this.store = store;
        this.kind = kind;
        this.keys = keys;
        this.running = new CountDownLatch(lanes);
    }

    /**
     * Loads a store for a time.
     *
     * @param store which
     * @param kind what every request does
     * @param lanes how many requests are under way at a time
     * @param keys gives the key of each request; used by many threads
     * @param warmup time before the measurement, under the same load
     * @param measured time of the measurement
     * @return what came of it
     * @throws InterruptedException when the caller is interrupted
     * @throws TimeoutException when the store goes on owing answers
     */
    public static Measurement run(
            Store store, Kind kind, int lanes, Supplier<@Nullable String> keys, Duration warmup, Duration measured)
            throws InterruptedException, TimeoutException {
        ClosedLoop loop = new ClosedLoop(store, kind, lanes, keys);
        loop.begin(lanes);
        Thread.sleep(warmup);
        long beganNs = System.nanoTime();
        long usedBeforeNs = store.cpuNs();
        var _ = loop.latencies.take(0, 0);
        Thread.sleep(measured);
        Measurement measurement =
                loop.latencies.take((System.nanoTime() - beganNs) / NS_PER_S, store.cpuNs() - usedBeforeNs);
        loop.stopping = true;
        loop.awaitEnd(ENDING);
        return measurement;
    }

    /**
     * Does one request for each key.
     *
     * @param store which store
     * @param kind what every request does
     * @param lanes how many requests are under way at a time
     * @param keys gives each key once, then null; used by many threads
     * @param timeout how long it may take
     * @return what came of it
     * @throws InterruptedException when the caller is interrupted
     * @throws TimeoutException when it takes longer
     */
    public static Measurement runAll(
            Store store, Kind kind, int lanes, Supplier<@Nullable String> keys, Duration timeout)
            throws InterruptedException, TimeoutException {
        ClosedLoop loop = new ClosedLoop(store, kind, lanes, keys);
        long usedBeforeNs = store.cpuNs();
        long beganNs = System.nanoTime();
        loop.begin(lanes);
        try {
            loop.awaitEnd(timeout);
        } finally {
            loop.stopping = true;
        }
        return loop.latencies.take((System.nanoTime() - beganNs) / NS_PER_S, store.cpuNs() - usedBeforeNs);
    }

    private void begin(int lanes) {
        for (int lane = 0; lane < lanes; lane++) {
            next(lane);
        }
    }

    private void next(int lane) {
        String key = stopping ? null : keys.get();
        if (key == null) {
            running.countDown();
            return;
        }
        long begunNs = System.nanoTime();
        store.begin(kind, lane, key, failure -> {
            latencies.add(System.nanoTime() - begunNs, failure);
            next(lane);
        });
    }

    private void awaitEnd(Duration timeout) throws InterruptedException, TimeoutException {
        if (!running.await(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new TimeoutException(store.name() + " owes " + running.getCount() + " answers after " + timeout);
        }
    }
}
