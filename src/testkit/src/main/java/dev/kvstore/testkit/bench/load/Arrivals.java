package dev.kvstore.testkit.bench.load;

import java.util.concurrent.TimeUnit;

/**
 * When requests of a constant rate are meant to start. A request's latency counts from then, whenever it could be sent: a client
 * that is kept waiting by a stalled store must not omit the requests that it would have sent meanwhile (coordinated omission,
 * as Gil Tene calls it). Not thread-safe.
 */
final class Arrivals {
    private final long startNs;
    private final double intervalNs;
    private final long count;
    private long taken;

    /**
     * Arrivals.
     *
     * @param startNs when the first is meant to start
     * @param perSecond how many each second
     * @param count how many in all
     */
    Arrivals(long startNs, double perSecond, long count) {
        this.startNs = startNs;
        this.intervalNs = TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.count = count;
    }

    /** Whether all were taken. */
    boolean exhausted() {
        return taken == count;
    }

    /** Nanoseconds until the next is due, negative when it is overdue; not to be asked once all were taken. */
    long dueInNs(long nowNs) {
        return intendedNs(taken) - nowNs;
    }

    /** Takes the next; returns when it is meant to start. */
    long take() {
        if (exhausted()) {
            throw new IllegalStateException("all " + count + " were taken");
        }
        return intendedNs(taken++);
    }

    private long intendedNs(long index) {
        return startNs + Math.round(index * intervalNs);
    }
}
