package dev.kvstore.testkit.bench.load;

/**
 * A store under load. It is used over lanes, numbered from 0: a lane carries one request at a time, as a client does that waits
 * for each answer. Thread-safe, as long as no lane gets a request before the answer to its last.
 */
public interface Store extends AutoCloseable {

    /**
     * What it is called in tables.
     *
     * @return the name
     */
    String name();

    /**
     * Begins a request; the value of a put is the store's choice.
     *
     * @param kind what it does
     * @param lane which lane carries it
     * @param key the key
     * @param answered told how it ended, never before this method has returned to an event loop
     */
    void begin(Kind kind, int lane, String key, Answered answered);

    /**
     * Processor time that the store's processes have used so far; its clients' is not in it.
     *
     * @return nanoseconds, 0 when nothing is known of the processes
     */
    long cpuNs();

    @Override
    void close();
}
