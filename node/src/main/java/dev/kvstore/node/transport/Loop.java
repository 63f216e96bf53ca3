package dev.kvstore.node.transport;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The one thread on which all connections between nodes live, and with them who uses them. Nothing may block on it. */
public final class Loop implements AutoCloseable {
    private static final long CLOSE_MS = 1_000;

    private final EventLoopGroup group;

    /** Starts the thread. */
    public Loop(String name) {
        this.group =
                new NioEventLoopGroup(1, Thread.ofPlatform().name(name).daemon().factory());
    }

    /** Carries out what it is given in turn with what the connections want. */
    public ScheduledExecutorService thread() {
        return eventLoop();
    }

    EventLoop eventLoop() {
        return group.next();
    }

    /** Ends the thread; what it was given before is carried out, within a bounded time. */
    @Override
    public void close() {
        group.shutdownGracefully(0, CLOSE_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly(2 * CLOSE_MS);
    }
}
