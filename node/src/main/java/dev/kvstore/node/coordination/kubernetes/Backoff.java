package dev.kvstore.node.coordination.kubernetes;

import java.util.random.RandomGenerator;

/**
 * How long to wait before trying again: doubles with every failure up to a bound; between half of that and the whole, so that
 * nodes do not march in step. For one thread.
 */
final class Backoff {
    private final long minMs;
    private final long maxMs;
    private final RandomGenerator random;
    private int failures;

    Backoff(KubernetesSettings settings, RandomGenerator random) {
        this.minMs = settings.backoffMinMs();
        this.maxMs = settings.backoffMaxMs();
        this.random = random;
    }

    void succeeded() {
        failures = 0;
    }

    /** The wait after one more failure, in milliseconds. */
    long nextMs() {
        long fullMs = minMs;
        for (int i = 0; i < failures && fullMs < maxMs; i++) {
            fullMs *= 2;
        }
        fullMs = Math.min(fullMs, maxMs);
        failures++;
        return fullMs / 2 + random.nextLong(fullMs / 2 + 1);
    }
}
