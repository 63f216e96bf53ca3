package dev.kvstore.node.transport;

import org.jspecify.annotations.Nullable;

/**
 * The transport's addresses, times and bounds. Times are in milliseconds.
 *
 * @param bindHost address or name of the interface to listen on
 * @param port port to listen on; 0 for any free one
 * @param maxFrameBytes length of a frame; a longer one is not sent, and ends the connection on which it comes
 * @param queueBytes bytes of messages that wait for one member; the last eighth is for messages that carry no bulk
 * @param connectTimeoutMs for a TCP connection
 * @param greetingTimeoutMs for the greeting after that
 * @param backoffMinMs before the first new attempt to connect
 * @param backoffMaxMs before any later one
 * @param parkedMs before another look at an address behind which stands a node that is connected already
 * @param beatMs between two signs of life where nothing else is sent
 * @param silentBeats a connection that is silent for so many of them is dead
 * @param maxIncoming connections that others have opened
 * @param congestionMs between two looks at whether the input queue is short enough again to go on reading
 * @param tls null for plain TCP
 */
public record TransportSettings(
        String bindHost,
        int port,
        int maxFrameBytes,
        long queueBytes,
        int connectTimeoutMs,
        int greetingTimeoutMs,
        int backoffMinMs,
        int backoffMaxMs,
        int parkedMs,
        int beatMs,
        int silentBeats,
        int maxIncoming,
        int congestionMs,
        @Nullable TlsSettings tls) {
    /** What a frame may hold besides one value: a batch of entries, a ring, a page, a part of a snapshot. */
    public static final int FRAME_SLACK_BYTES = 8 << 20;

    private static final long QUEUE_BYTES = 32L << 20;

    /** What a node uses unless it is told otherwise. */
    public static TransportSettings of(String bindHost, int port, int maxValueBytes) {
        return new TransportSettings(
                bindHost,
                port,
                maxValueBytes + FRAME_SLACK_BYTES,
                QUEUE_BYTES,
                1_000,
                2_000,
                25,
                500,
                10_000,
                500,
                4,
                1_024,
                2,
                null);
    }

    /** The same with another bound of the queue for one member. */
    public TransportSettings withQueueBytes(long bytes) {
        return new TransportSettings(
                bindHost,
                port,
                maxFrameBytes,
                bytes,
                connectTimeoutMs,
                greetingTimeoutMs,
                backoffMinMs,
                backoffMaxMs,
                parkedMs,
                beatMs,
                silentBeats,
                maxIncoming,
                congestionMs,
                tls);
    }

    /** The same with TLS. */
    public TransportSettings withTls(TlsSettings settings) {
        return new TransportSettings(
                bindHost,
                port,
                maxFrameBytes,
                queueBytes,
                connectTimeoutMs,
                greetingTimeoutMs,
                backoffMinMs,
                backoffMaxMs,
                parkedMs,
                beatMs,
                silentBeats,
                maxIncoming,
                congestionMs,
                settings);
    }

    /** How many bytes may wait for one member before a message is dropped, by whether it carries bulk. */
    public long limitBytes(boolean bulk) {
        return bulk ? queueBytes - queueBytes / 8 : queueBytes;
    }
}
