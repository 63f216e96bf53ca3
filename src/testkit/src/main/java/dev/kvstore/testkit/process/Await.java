package dev.kvstore.testkit.process;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Waits, within a bound, for what can only be asked for. */
public final class Await {

    private static final long SHORTEST_PAUSE_MS = 100;
    private static final long LONGEST_PAUSE_MS = 1_000;

    /** A pause is the time waited so far divided by this: each question costs time that those lack who are asked. */
    private static final int PAUSES = 25;

    private Await() {}

    /** What is waited for. */
    @FunctionalInterface
    public interface Check {

        /**
         * Asks once.
         *
         * @return whether it is so
         * @throws InterruptedException when the caller is interrupted
         */
        boolean holds() throws InterruptedException;
    }

    /**
     * Asks again and again until it is so, ten times a second at first and once a second after 25 seconds.
     *
     * @param what what is waited for, for the message
     * @param timeout how long at most
     * @param check asks once
     * @param detail how things stand, for the message when the time is over
     * @throws TimeoutException when it did not become so in time
     * @throws InterruptedException when the caller is interrupted
     */
    public static void until(String what, Duration timeout, Check check, Supplier<String> detail)
            throws TimeoutException, InterruptedException {
        long startNs = System.nanoTime();
        while (!check.holds()) {
            Duration waited = Duration.ofNanos(System.nanoTime() - startNs);
            if (waited.compareTo(timeout) > 0) {
                throw new TimeoutException(what + ": not within " + timeout + "; " + detail.get());
            }
            Thread.sleep(Math.clamp(waited.toMillis() / PAUSES, SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS));
        }
    }
}
