package dev.kvstore.testkit.bench.load;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Load at a constant rate, whatever the store does: each request has a time at which it is meant to start ({@link Arrivals}),
 * and its latency counts from that, also when no lane was free then.
 */
public final class OpenLoop {
    /** What is overdue when the time is over may still be sent for so long; what is then left counts as failed. */
    private static final Duration ENDING = Duration.ofSeconds(30);

    private final Store store;
    private final Kind kind;
    private final Supplier<String> keys;
    private final Latencies latencies = new Latencies();
    private final Thread dispatcher = Thread.currentThread();
    private final long recordFromNs;
    private final int lanes;

    // guarded by this
    private final Arrivals arrivals;
    private final ArrayDeque<Integer> idle = new ArrayDeque<>();

    private OpenLoop(Store store, Kind kind, int lanes, Supplier<String> keys, Arrivals arrivals, long recordFromNs) {
        this.store = store;
        this.kind = kind;
        this.lanes = lanes;
        this.keys = keys;
        this.arrivals = arrivals;
        this.recordFromNs = recordFromNs;
        for (int lane = 0; lane < lanes; lane++) {
            idle.add(lane);
        }
    }

    /**
     * Loads a store for a time.
     *
     * @param store which
     * @param kind what every request does
     * @param lanes how many requests are under way at most
     * @param keys gives the key of each request; used by many threads
     * @param perSecond how many requests each second
     * @param warmup time before the measurement, under the same load
     * @param measured time of the measurement
     * @return what came of the requests that were meant to start within that time
     * @throws InterruptedException when the caller is interrupted
     */
    public static Measurement run(
            Store store,
            Kind kind,
            int lanes,
            Supplier<String> keys,
            double perSecond,
            Duration warmup,
            Duration measured)
            throws InterruptedException {
        long startNs = System.nanoTime();
        long totalNs = warmup.plus(measured).toNanos();
        long count = Math.max(1, Math.round(perSecond * totalNs / TimeUnit.SECONDS.toNanos(1)));
        Arrivals arrivals = new Arrivals(startNs, perSecond, count);
        OpenLoop loop = new OpenLoop(store, kind, lanes, keys, arrivals, startNs + warmup.toNanos());
        long usedBeforeNs = store.cpuNs();
        loop.dispatch(startNs + totalNs + ENDING.toNanos());
        // At a constant rate the measured part takes its share of the processor time.
        long usedNs = Math.round((store.cpuNs() - usedBeforeNs) * (measured.toNanos() / (double) totalNs));
        return loop.latencies.take(measured.toNanos() / (double) TimeUnit.SECONDS.toNanos(1), usedNs);
    }

    private void dispatch(long giveUpNs) throws InterruptedException {
        while (System.nanoTime() < giveUpNs) {
            long now = System.nanoTime();
            long waitNs;
            int lane = -1;
            long intendedNs = 0;
            synchronized (this) {
                if (arrivals.exhausted() && idle.size() == lanes) {
                    return;
                }
                boolean nothing = arrivals.exhausted() || idle.isEmpty();
                waitNs = nothing ? giveUpNs - now : arrivals.dueInNs(now);
                if (waitNs <= 0) {
                    lane = idle.pop();
                    intendedNs = arrivals.take();
                }
            }
            if (lane >= 0) {
                send(lane, intendedNs);
            } else {
                LockSupport.parkNanos(this, waitNs);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        abandon();
    }

    private void send(int lane, long intendedNs) {
        store.begin(kind, lane, keys.get(), failure -> {
            long now = System.nanoTime();
            record(now - intendedNs, intendedNs, failure);
            long nextNs;
            synchronized (this) {
                if (arrivals.exhausted() || arrivals.dueInNs(now) > 0) {
                    idle.push(lane);
                    // the dispatcher looks at the clock itself unless it waits for a lane or for the end
                    if (idle.size() == 1 || (arrivals.exhausted() && idle.size() == lanes)) {
                        LockSupport.unpark(dispatcher);
                    }
                    return;
                }
                nextNs = arrivals.take();
            }
            send(lane, nextNs);
        });
    }

    private void record(long latencyNs, long intendedNs, @Nullable String failure) {
        if (intendedNs - recordFromNs >= 0) {
            latencies.add(latencyNs, failure);
        }
    }

    private synchronized void abandon() {
        while (!arrivals.exhausted()) {
            record(0, arrivals.take(), "could not be sent within " + ENDING + " after the time was over");
        }
        for (int owed = lanes - idle.size(); owed > 0; owed--) {
            latencies.add(0, "no answer within " + ENDING + " after the time was over");
        }
    }
}
