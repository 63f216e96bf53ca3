package dev.kvstore.testkit.bench.store;

import dev.kvstore.testkit.bench.load.Answered;
import dev.kvstore.testkit.bench.load.Kind;
import dev.kvstore.testkit.bench.load.Store;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** A store over HTTP/1.1: lane {@code n} is one connection to node {@code n mod nodes}; one thread serves all of them. */
public final class HttpStore implements Store {
    private static final Duration LOOK = Duration.ofMillis(10);

    private final String name;
    private final EventLoopGroup group = new NioEventLoopGroup(1);
    private final List<HttpLane> lanes;
    private final ProcessorTime processorTime;

    private HttpStore(
            String name, List<URI> nodes, int lanes, Duration timeout, Dialect dialect, List<ProcessHandle> processes) {
        this.name = name;
        this.processorTime = new ProcessorTime(processes);
        EventLoop loop = group.next();
        Bootstrap bootstrap = new Bootstrap()
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(timeout.toMillis()));
        this.lanes = IntStream.range(0, lanes)
                .mapToObj(lane ->
                        new HttpLane(loop, bootstrap, nodes.get(lane % nodes.size()), dialect, timeout.toNanos()))
                .toList();
        // ends with the loop
        var _ = loop.scheduleWithFixedDelay(this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * This project's store.
     *
     * @param name what it is called in tables
     * @param nodes where its nodes answer
     * @param lanes how many connections
     * @param valueBytes how long its values are
     * @param timeout how long a request may take
     * @param processes the store's processes, as far as they are known
     * @return the store
     */
    public static HttpStore kvstore(
            String name, List<URI> nodes, int lanes, int valueBytes, Duration timeout, List<ProcessHandle> processes) {
        return new HttpStore(name, nodes, lanes, timeout, new KvDialect(valueBytes), processes);
    }

    /**
     * etcd over its gateway.
     *
     * @param name what it is called in tables
     * @param nodes where its nodes answer clients
     * @param lanes how many connections
     * @param valueBytes how long its values are
     * @param timeout how long a request may take
     * @param processes the store's processes, as far as they are known
     * @return the store
     */
    public static HttpStore etcdGateway(
            String name, List<URI> nodes, int lanes, int valueBytes, Duration timeout, List<ProcessHandle> processes) {
        return new HttpStore(name, nodes, lanes, timeout, new GatewayDialect(valueBytes), processes);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void begin(Kind kind, int lane, String key, Answered answered) {
        lanes.get(lane).begin(kind, key, answered);
    }

    @Override
    public long cpuNs() {
        return processorTime.usedNs();
    }

    private void look() {
        long now = System.nanoTime();
        lanes.forEach(lane -> lane.look(now));
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
