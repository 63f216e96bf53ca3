package dev.kvstore.node.transport.connection;

import io.netty.util.concurrent.Future;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Stops reading from all connections while the engine's input queue is too long; the senders' queues then fill, and theirs
 * is the bound that holds. On the event loop.
 */
final class BackPressure {
    private final Context context;
    private final BooleanSupplier congested;
    private final Collection<Incoming> connections;
    private boolean paused;
    private @Nullable Future<?> nextCheck;

    BackPressure(Context context, BooleanSupplier congested, Collection<Incoming> connections) {
        this.context = context;
        this.congested = congested;
        this.connections = connections;
    }

    boolean paused() {
        return paused;
    }

    /** Something was read. */
    void check() {
        if (!paused && congested.getAsBoolean()) {
            paused = true;
            context.metrics().countPause();
            connections.forEach(each -> each.reading(false));
            recheckSoon();
        }
    }

    /** Looks no more. */
    void close() {
        if (nextCheck != null) {
            nextCheck.cancel(false);
        }
    }

    private void recheckSoon() {
        nextCheck = context.loop().schedule(this::recheck, context.settings().congestionMs(), TimeUnit.MILLISECONDS);
    }

    private void recheck() {
        if (congested.getAsBoolean()) {
            recheckSoon();
        } else {
            paused = false;
            connections.forEach(each -> each.reading(true));
        }
    }
}
