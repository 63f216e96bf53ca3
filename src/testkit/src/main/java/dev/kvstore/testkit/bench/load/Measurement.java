package dev.kvstore.testkit.bench.load;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What came of some load.
 *
 * @param seconds how long was measured
 * @param latencies of the requests that succeeded within that time, in nanoseconds
 * @param failures how many requests failed
 * @param failure what the first of these failed for, null when none did
 */
public record Measurement(
        double seconds,
        Histogram latencies,
        long failures,
        @Nullable String failure) {

    private static final double NS_PER_MS = 1e6;

    /**
     * Successful requests per second.
     *
     * @return the rate
     */
    public double perSecond() {
        return latencies.getTotalCount() / seconds;
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
