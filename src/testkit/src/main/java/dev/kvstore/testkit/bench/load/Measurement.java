package dev.kvstore.testkit.bench.load;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What came of some load.
 *
 * @param seconds how long was measured
 * @param cpuNs processor time that the store's processes used meanwhile, 0 when not known
 * @param latencies of the requests that succeeded within that time, in nanoseconds
 * @param failures how many requests failed
 * @param failure what the first of these failed for, null when none did
 */
public record Measurement(
        double seconds,
        long cpuNs,
        Histogram latencies,
        long failures,
        @Nullable String failure) {

    private static final double NS_PER_MS = 1e6;
    private static final double NS_PER_MICRO = 1e3;

    /**
     * Successful requests per second.
     *
     * @return the rate
     */
    public double perSecond() {
        return latencies.getTotalCount() / seconds;
    }

    /**
     * Processor time of the store for each successful request.
     *
     * @return microseconds
     */
    public double cpuMicrosPerRequest() {
        return cpuNs / NS_PER_MICRO / latencies.getTotalCount();
    }

    /**
     * A percentile of the latencies.
     *
     * @param percent such as 99.9
     * @return milliseconds
     */
    public double percentileMs(double percent) {
        return latencies.getValueAtPercentile(percent) / NS_PER_MS;
    }
}
