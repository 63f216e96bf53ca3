package dev.kvstore.testkit.history;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/** Collects the calls of clients that run at the same time, with the times of one monotonic clock. Thread-safe. */
public final class LiveRecorder {

    private final LongSupplier clockNs;
    private final ReentrantLock lock = new ReentrantLock();
    private final HistoryRecorder recorder;
    private int answered;

    /**
     * An empty recorder.
     *
     * @param clockNs a monotonic clock in nanoseconds that all threads agree on, such as {@code System::nanoTime}
     * @param maxCalls how many calls it takes
     */
    public LiveRecorder(LongSupplier clockNs, int maxCalls) {
        this.clockNs = clockNs;
        this.recorder = new HistoryRecorder(maxCalls);
    }

    /**
     * A client is about to send a request.
     *
     * @param client who
     * @param operation what
     * @return the call's number, to complete it by
     * @throws IllegalStateException when the recorder is full
     */
    public int invoke(String client, Operation operation) {
        lock.lock();
        try {
            // the clock is read last and before the request is sent, which keeps the call's interval narrow and right
            return recorder.invoke(client, operation, clockNs.getAsLong());
        } finally {
            lock.unlock();
        }
    }

    /**
     * A client has its answer, or gives up.
     *
     * @param number what {@link #invoke} returned
     * @param outcome what was answered
     * @throws IllegalStateException when the call is complete already
     */
    public void complete(int number, Outcome outcome) {
        long returnNs = clockNs.getAsLong();
        lock.lock();
        try {
            recorder.complete(number, outcome, returnNs);
            if (!(outcome instanceof Outcome.Refused) && !(outcome instanceof Outcome.Unknown)) {
                answered++;
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * How many calls the store has answered so far: neither refused nor of unknown outcome.
     *
     * @return the number
     */
    public int answered() {
        lock.lock();
        try {
            return answered;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The present time of the recorder's clock.
     *
     * @return nanoseconds
     */
    public long nowNs() {
        return clockNs.getAsLong();
    }

    /**
     * What was recorded so far. A call that is not complete has an unknown outcome.
     *
     * @return the history
     */
    public History history() {
        lock.lock();
        try {
            return recorder.history();
        } finally {
            lock.unlock();
        }
    }
}
