package dev.kvstore.node.transport;

import dev.kvstore.core.io.Input;
import dev.kvstore.core.message.Message;
import dev.kvstore.core.message.Message.Forward;
import dev.kvstore.core.ring.Ring;
import dev.kvstore.node.transport.connection.Admission;
import dev.kvstore.node.transport.connection.Callers;
import dev.kvstore.node.transport.connection.Connections;
import dev.kvstore.node.transport.connection.Context;
import dev.kvstore.node.transport.connection.HostPort;
import dev.kvstore.node.transport.connection.Sender;
import dev.kvstore.node.transport.connection.Tls;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Carries messages between this node and the others. Messages may be dropped and come late, but none is delivered twice.
 *
 * <p>What comes in goes to the sink, on the loop's thread: {@link Input.Received}, {@link Input.PeerSeen} when an own
 * connection to a node stands, {@link Input.PeerRefused} when nobody listens where a known node should, and
 * {@link Input.Undelivered} for a {@link Forward} that can no longer be answered, or was never sent. The sink must not block.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails ends the connection, and of that end we hear
public final class Transport implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Transport.class);
    private static final int BACKLOG = 128;
    private static final long CLOSE_MS = 1_000;

    private final Context context;
    private final Connections connections;
    private final Callers callers;
    private final Sender sender;
    private final Channel server;
    private final int port;

    private Transport(Context context, Connections connections, Callers callers, Channel server) {
        this.context = context;
        this.connections = connections;
        this.callers = callers;
        this.sender = new Sender(context, connections);
        this.server = server;
        this.port = ((InetSocketAddress) server.localAddress()).getPort();
    }

    /**
     * Listens, and begins to dial the nodes that are known.
     *
     * @param loop the thread that connections live on
     * @param self who this node is
     * @param clusterId the cluster that it belongs to, empty while it belongs to none
     * @param peers addresses of other nodes, host:port; this node's own may be among them
     * @param sink takes what comes in
     * @param congested whether so much has come in already that reading should pause; asked on the loop's thread
     * @throws TransportException when it cannot listen or a setting is wrong, with a message for a user
     */
    public static Transport open(
            Loop loop,
            LocalPeer self,
            String clusterId,
            Collection<String> peers,
            TransportSettings settings,
            Consumer<Input> sink,
            BooleanSupplier congested)
            throws TransportException {
        Set<HostPort> known = parse(peers);
        Tls tls = settings.tls() == null ? null : Tls.of(settings.tls());
        Context context = new Context(
                settings, loop.eventLoop(), sink, new TransportMetrics(), new Admission(self, clusterId), tls);
        Connections connections = new Connections(context, self.id().name(), known);
        Callers callers = new Callers(context, connections, congested);
        Channel server = listen(loop.eventLoop(), callers, settings);
        Transport transport = new Transport(context, connections, callers, server);
        context.execute(connections::start);
        context.atEveryBeat(transport::beat);
        return transport;
    }

    private static Set<HostPort> parse(Collection<String> peers) throws TransportException {
        Set<HostPort> known = new LinkedHashSet<>();
        for (String peer : peers) {
            try {
                known.add(HostPort.parse(peer));
            } catch (IllegalArgumentException e) {
                throw new TransportException(String.valueOf(e.getMessage()), e);
            }
        }
        return known;
    }

    private static Channel listen(EventLoop loop, Callers callers, TransportSettings settings)
            throws TransportException {
        ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        callers.initialise(channel);
                    }
                })
                .bind(settings.bindHost(), settings.port())
                .awaitUninterruptibly();
        if (bound.isSuccess()) {
            return bound.channel();
        }
        Throwable cause = bound.cause();
        String where = settings.bindHost() + ":" + settings.port();
        throw new TransportException(
                cause instanceof BindException
                        ? "Cannot listen for other nodes on " + where + ": " + cause.getMessage()
                                + ". Stop what uses that port, or choose another one."
                        : "Cannot listen for other nodes on " + where + ": " + cause.getMessage(),
                cause);
    }

    /** The port that it listens on. */
    public int port() {
        return port;
    }

    /** What it has counted. */
    public TransportMetrics metrics() {
        return context.metrics();
    }

    /**
     * Takes a message for a node; it goes out with the next {@link #flush}. Only on the loop's thread. What cannot be sent
     * is dropped and counted; of a dropped {@link Forward} the sink is told before this returns.
     */
    public void send(String to, Message message) {
        sender.send(to, message);
    }

    /** Sends what was taken since the last time, with one write for each node. Only on the loop's thread. */
    public void flush() {
        sender.flush();
    }

    /** The members are these from now on: it connects to all of them. On any thread. */
    public void ring(Ring ring) {
        context.execute(() -> connections.ring(ring));
    }

    /**
     * The nodes to begin with are these from now on, host:port; this node's own address may be among them. On any thread.
     *
     * @throws TransportException when one is no address
     */
    public void peers(Collection<String> peers) throws TransportException {
        Set<HostPort> known = parse(peers);
        context.execute(() -> connections.peers(known));
    }

    /** This node belongs to that cluster from now on: nodes of others are refused. On any thread. */
    public void clusterId(String id) {
        context.execute(() -> {
            if (!context.admission().clusterId().equals(id)) {
                context.admission().clusterId(id);
                connections.tellCluster(id);
                callers.refuseForeigners();
            }
        });
    }

    private void beat() {
        connections.beat();
        callers.beat();
    }

    /** Sends what was flushed, within a bounded time, and ends all connections. */
    @Override
    public void close() {
        server.close();
        CountDownLatch done = new CountDownLatch(1);
        context.execute(() -> closeAll(done));
        try {
            if (!done.await(CLOSE_MS, TimeUnit.MILLISECONDS)) {
                LOG.debug("not everything was sent before the end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeAll(CountDownLatch done) {
        callers.close();
        List<ChannelFuture> ending = connections.close();
        CountDownLatch all = new CountDownLatch(ending.size());
        if (ending.isEmpty()) {
            done.countDown();
        }
        for (ChannelFuture each : ending) {
            each.addListener(ended -> {
                all.countDown();
                if (all.getCount() == 0) {
                    done.countDown();
                }
            });
        }
    }
}
