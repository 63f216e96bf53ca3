package dev.kvstore.node.coordination.folder;

import dev.kvstore.node.coordination.CoordinationMetrics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Guards what one thread does in the folder: a failure is logged once until it is over, and so is an access that hangs,
 * which another thread finds out.
 */
final class FolderAccess {
    private static final Logger LOG = Logger.getLogger(FolderAccess.class);
    private static final long IDLE = -1;

    private final String what;
    private final Path folder;
    private final long slowMs;
    private final LongSupplier monoMs;
    private final CoordinationMetrics metrics;

    private volatile long busySinceMs = IDLE;
    private volatile boolean slow;
    private boolean failing;

    FolderAccess(String what, Path folder, long slowMs, LongSupplier monoMs, CoordinationMetrics metrics) {
        this.what = what;
        this.folder = folder;
        this.slowMs = slowMs;
        this.monoMs = monoMs;
        this.metrics = metrics;
    }

    /** Something that may fail. */
    interface Step {
        void run() throws IOException;
    }

    /** Takes the step; true when it succeeded. */
    boolean run(Step step) {
        busySinceMs = monoMs.getAsLong();
        try {
            step.run();
            succeeded();
            return true;
        } catch (IOException e) {
            failed(e);
            return false;
        } catch (RuntimeException e) {
            // a timer would end for good
            LOG.errorf(e, "%s in %s", what, folder);
            return false;
        } finally {
            busySinceMs = IDLE;
        }
    }

    private void succeeded() {
        if (slow || failing) {
            LOG.infof("the coordination folder %s answers again (%s)", folder, what);
        }
        slow = false;
        failing = false;
    }

    private void failed(IOException e) {
        metrics.countFailure();
        if (!failing) {
            LOG.warnf(
                    "the coordination folder %s cannot be used (%s): %s: %s. Reads and writes go on; no leader is elected"
                            + " and the ring does not change until it can.",
                    folder, what, e.getClass().getSimpleName(), e.getMessage());
        }
        failing = true;
    }

    /** Looks, from another thread, whether a step hangs. */
    void check() {
        long sinceMs = busySinceMs;
        if (sinceMs != IDLE && !slow && monoMs.getAsLong() - sinceMs > slowMs) {
            slow = true;
            metrics.countDelay();
            LOG.warnf("the coordination folder %s has not answered for more than %d ms (%s)", folder, slowMs, what);
        }
    }
}
