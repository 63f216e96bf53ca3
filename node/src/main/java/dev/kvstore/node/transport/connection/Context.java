package dev.kvstore.node.transport.connection;

import dev.kvstore.core.io.Input;
import dev.kvstore.node.transport.TransportMetrics;
import dev.kvstore.node.transport.TransportSettings;
import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What every part of a transport works with.
 *
 * @param loop the one event loop on which all connections live
 * @param sink takes what comes in, on any thread
 * @param tls null for plain TCP
 */
public record Context(
        TransportSettings settings,
        EventLoop loop,
        Consumer<Input> sink,
        TransportMetrics metrics,
        Admission admission,
        @Nullable Tls tls) {
    private static final Logger LOG = Logger.getLogger(Context.class);

    /** Does something on the event loop; nothing once that has ended. On any thread. */
    public void execute(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("the transport is closed", e);
        }
    }

    /** Does something on the event loop at every beat. */
    @SuppressWarnings("FutureReturnValueIgnored") // it ends with the loop
    public void atEveryBeat(Runnable task) {
        loop.scheduleWithFixedDelay(task, settings.beatMs(), settings.beatMs(), TimeUnit.MILLISECONDS);
    }
}
