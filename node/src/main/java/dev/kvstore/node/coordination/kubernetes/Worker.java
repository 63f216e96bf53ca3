package dev.kvstore.node.coordination.kubernetes;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/** A thread with a queue. A step that fails is logged and does not keep the next from being taken. */
@SuppressWarnings("FutureReturnValueIgnored") // every step handles its own failures
final class Worker implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Worker.class);

    private final String name;
    private final ScheduledExecutorService thread;

    Worker(String name) {
        this.name = name;
        this.thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name(name).factory());
    }

    void execute(Runnable step) {
        later(0, step);
    }

    void later(long delayMs, Runnable step) {
        try {
            thread.schedule(() -> take(step), delayMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debugf("%s has ended", name);
        }
    }

    void repeat(long everyMs, Runnable step) {
        thread.scheduleWithFixedDelay(() -> take(step), 0, everyMs, TimeUnit.MILLISECONDS);
    }

    private void take(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            // a timer would end for good
            LOG.errorf(e, "%s", name);
        }
    }

    /** Takes the step and waits for it. */
    <T> T call(Callable<T> step, long timeoutMs) throws ExecutionException, TimeoutException, InterruptedException {
        return thread.submit(step).get(timeoutMs, TimeUnit.MILLISECONDS);
    }

    /** Ends after what waits already, or after this time in milliseconds; false in the second case. */
    boolean close(long timeoutMs) throws InterruptedException {
        thread.shutdown();
        return thread.awaitTermination(timeoutMs, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
