package dev.kvstore.node.engine;

/**
 * The bounds that may change while a node runs.
 *
 * @param maxKeyBytes bytes of a key that is written
 * @param maxValueBytes bytes of a value
 * @param inFlightOps clients' operations under way
 * @param inFlightBytes bytes of these
 */
public record Limits(int maxKeyBytes, int maxValueBytes, int inFlightOps, long inFlightBytes) {
    /** No key is longer. */
    public static final int MAX_KEY_BYTES = 1_024;

    /** No value is longer. */
    public static final int MAX_VALUE_BYTES = 16 << 20;

    private static final long IN_FLIGHT_SLACK_BYTES = 1 << 20;

    /**
     * Checked.
     *
     * @throws IllegalArgumentException when one is out of its bounds; the message names it
     */
    public Limits {
        require(maxKeyBytes >= 1 && maxKeyBytes <= MAX_KEY_BYTES, "maxKeyBytes is from 1 to " + MAX_KEY_BYTES);
        require(
                maxValueBytes >= 1 && maxValueBytes <= MAX_VALUE_BYTES,
                "maxValueBytes is from 1 to " + MAX_VALUE_BYTES + " (16 MiB), not " + maxValueBytes);
        require(inFlightOps >= 1, "inFlightOps is at least 1");
        require(
                inFlightBytes >= 2L * maxValueBytes + IN_FLIGHT_SLACK_BYTES,
                "inFlightBytes is at least 1 MiB and twice maxValueBytes");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
