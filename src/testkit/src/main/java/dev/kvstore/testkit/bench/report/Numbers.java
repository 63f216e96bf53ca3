package dev.kvstore.testkit.bench.report;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Numbers of several rounds, and how they are written. */
public final class Numbers {
    private Numbers() {}

    /**
     * The middle one, or the mean of the two in the middle.
     *
     * @param numbers one at least
     * @return the median
     */
    public static double median(List<Double> numbers) {
        double[] sorted = numbers.stream().mapToDouble(Double::doubleValue).toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("no numbers");
        }
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /**
     * A number with thousands separated.
     *
     * @param number any
     * @return such as {@code 12,345}
     */
    public static String whole(double number) {
        return String.format(Locale.ROOT, "%,.0f", number);
    }

    /**
     * A number of milliseconds, with as many digits as say something.
     *
     * @param ms any
     * @return such as {@code 3.14} or {@code 120}
     */
    public static String ms(double ms) {
        return String.format(Locale.ROOT, ms < 10 ? "%.2f" : ms < 100 ? "%.1f" : "%.0f", ms);
    }

    /**
     * A number of seconds.
     *
     * @param seconds any
     * @return such as {@code 1.52}
     */
    public static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.2f", seconds);
    }

    /**
     * A ratio.
     *
     * @param ratio any
     * @return such as {@code 2.13 x}
     */
    public static String times(double ratio) {
        return String.format(Locale.ROOT, "%.2f x", ratio);
    }

    /**
     * All numbers in their order.
     *
     * @param numbers any
     * @return such as {@code 1,000 / 2,000}
     */
    public static String list(List<Double> numbers) {
        return String.join(" / ", numbers.stream().map(Numbers::whole).toList());
    }
}
