package dev.kvstore.testkit.bench.load;

import org.jspecify.annotations.Nullable;

/** Told once how a request ended. */
@FunctionalInterface
public interface Answered {

    /**
     * The request has ended. Called on a thread of the store's client, which it must not block.
     *
     * @param failure null when it succeeded, else what went wrong
     */
    void answered(@Nullable String failure);
}
