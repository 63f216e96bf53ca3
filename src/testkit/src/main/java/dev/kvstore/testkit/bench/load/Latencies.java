package dev.kvstore.testkit.bench.load;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/** Collects how requests ended, from any thread. */
final class Latencies {
    /** A latency above this is recorded as this. */
    private static final long MAX_NS = TimeUnit.MINUTES.toNanos(2);

    private static final int DIGITS = 3;

    private final Recorder recorder = new Recorder(MAX_NS, DIGITS);
    private final AtomicLong failures = new AtomicLong();
    private final AtomicReference<@Nullable String> failure = new AtomicReference<>();

    void add(long latencyNs, @Nullable String failed) {
        if (failed == null) {
            recorder.recordValue(Math.clamp(latencyNs, 0, MAX_NS));
        } else {
            failures.incrementAndGet();
            failure.compareAndSet(null, failed);
        }
    }

    /** What was collected since the last call of this. */
    Measurement take(double seconds, long cpuNs) {
        return new Measurement(
                seconds, cpuNs, recorder.getIntervalHistogram(), failures.getAndSet(0), failure.getAndSet(null));
    }
}
