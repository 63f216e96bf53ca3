package dev.kvstore.testkit.bench.load;

import java.util.Arrays;

/**
 * For how long keys could not be written, seen from outside: the longest time between two acknowledgements in a row of writes to
 * the same key. It contains the pause between two attempts and the time that a write takes anyway, so it is never too short.
 * Thread-safe.
 */
public final class OutageDetector {
    private static final long NEVER = Long.MIN_VALUE;

    private final long[] lastNs;
    private long longestNs;

    /**
     * A detector that has seen nothing.
     *
     * @param keys how many keys are written again and again, numbered from 0
     */
    public OutageDetector(int keys) {
        this.lastNs = new long[keys];
        Arrays.fill(lastNs, NEVER);
    }

    /**
     * A write was acknowledged.
     *
     * @param key which
     * @param nowNs when, by {@link System#nanoTime()}
     */
    public synchronized void acknowledged(int key, long nowNs) {
        if (lastNs[key] != NEVER) {
            longestNs = Math.max(longestNs, nowNs - lastNs[key]);
        }
        lastNs[key] = nowNs;
    }

    /** Forgets the outages that are over. */
    public synchronized void forgetLongest() {
        longestNs = 0;
    }

    /**
     * Whether every key was acknowledged after a time.
     *
     * @param sinceNs the time
     * @return false while one was not
     */
    public synchronized boolean allSince(long sinceNs) {
        return Arrays.stream(lastNs).allMatch(last -> last != NEVER && last - sinceNs > 0);
    }

    /**
     * The longest time between two acknowledgements of any key, those that still last included.
     *
     * @param nowNs the time now
     * @return nanoseconds
     */
    public synchronized long longestNs(long nowNs) {
        long longest = longestNs;
        for (long last : lastNs) {
            if (last != NEVER) {
                longest = Math.max(longest, nowNs - last);
            }
        }
        return longest;
    }
}
