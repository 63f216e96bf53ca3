package dev.kvstore.e2e.kubernetes;

import dev.kvstore.testkit.history.Operation;
import dev.kvstore.testkit.history.Outcome;
import dev.kvstore.testkit.load.KvClient;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/** How long it takes until every key can be written again. */
final class EveryKey {
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final Duration BREATH = Duration.ofMillis(100);

    private EveryKey() {}

    /**
     * Writes every key through these nodes until each was taken once, all at the same time.
     *
     * @return how long after a time of {@link System#nanoTime} the last one was taken, in milliseconds
     */
    static long writtenAfterMs(KvClient http, List<URI> nodes, List<String> keys, long sinceNs) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Long>> written = keys.stream()
                    .map(key ->
                            CompletableFuture.supplyAsync(() -> oneWrittenAfterMs(http, nodes, key, sinceNs), threads))
                    .toList();
            long longest = 0;
            for (CompletableFuture<Long> each : written) {
                longest = Math.max(longest, each.join());
            }
            return longest;
        }
    }

    private static long oneWrittenAfterMs(KvClient http, List<URI> nodes, String key, long sinceNs) {
        for (int i = 0; System.nanoTime() - sinceNs < LONGEST.toNanos(); i++) {
            Outcome outcome = http.execute(nodes.get(i % nodes.size()), Operation.put(key, "probe " + i));
            if (outcome instanceof Outcome.Created || outcome instanceof Outcome.Replaced) {
                return (System.nanoTime() - sinceNs) / 1_000_000;
            }
            // refusals come at once: not to ask for the same 128 keys without a breath
            LockSupport.parkNanos(BREATH.toNanos());
        }
        throw new AssertionError(key + " could not be written within " + LONGEST);
    }
}
