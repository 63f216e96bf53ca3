package dev.kvstore.testkit.linearizability;

/**
 * How a history is judged.
 *
 * @param clockSkewMs the most by which the wall clocks of two nodes differ, in milliseconds: by so much earlier or later
 *     than its time to live says may a value expire, since another node than the one that wrote it may watch it
 * @param maxStates how many states the search for one key may visit before it gives up as {@link Verdict.Undecided}
 */
public record CheckerSettings(long clockSkewMs, int maxStates) {

    /** Enough for keys with thousands of calls; a search of so many states takes about a second and 100 MB. */
    public static final int DEFAULT_MAX_STATES = 500_000;

    public CheckerSettings {
        if (clockSkewMs < 0 || maxStates <= 0) {
            throw new IllegalArgumentException("no such bounds: " + clockSkewMs + " ms, " + maxStates + " states");
        }
    }

    /**
     * The default bound and a skew.
     *
     * @param clockSkewMs the most by which two nodes' clocks differ, in milliseconds
     * @return the settings
     */
    public static CheckerSettings withSkewMs(long clockSkewMs) {
        return new CheckerSettings(clockSkewMs, DEFAULT_MAX_STATES);
    }
}
