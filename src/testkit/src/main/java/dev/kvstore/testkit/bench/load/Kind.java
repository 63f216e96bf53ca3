package dev.kvstore.testkit.bench.load;

/** What a request does. */
public enum Kind {
    /** A durable write of one key. */
    PUT,
    /** A linearizable read of one key. */
    GET
}
