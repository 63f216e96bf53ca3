package dev.kvstore.node.transport.connection;

import dev.kvstore.node.transport.TransportSettings;
import dev.kvstore.node.transport.codec.Refusal;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ConnectTimeoutException;
import io.netty.util.concurrent.Future;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one own connection to one address: resolves, connects, greets, and begins anew when that fails or ends. On the event
 * loop, but for the resolving. Either an attempt is under way, or a connection stands, or a timer runs.
 */
final class Dialler {
    private final Connections connections;
    private final HostPort address;
    private int failures;
    private long connectedAtNs;
    private @Nullable Future<?> timer;

    /** Who has answered here last. */
    private @Nullable String name;

    /** Who stands behind this address and is connected under another one. */
    private @Nullable String parkedFor;

    /** Whether the other side is this node itself. */
    private boolean self;

    Dialler(Connections connections, HostPort address) {
        this.connections = connections;
        this.address = address;
    }

    HostPort address() {
        return address;
    }

    /** Who is behind the address as far as known. */
    @Nullable
    String name() {
        return name;
    }

    /** Begins an attempt. */
    void dial() {
        timer = null;
        parkedFor = null;
        self = false;
        // a name server may take its time; the address is asked for every time, since a pod's changes
        Thread.ofPlatform().daemon().name("resolve " + address.host()).start(this::resolve);
    }

    private void resolve() {
        try {
            List<InetAddress> found = List.of(InetAddress.getAllByName(address.host()));
            connections.context().execute(() -> connect(found, 0, true));
        } catch (UnknownHostException e) {
            connections.context().execute(() -> unreachable("the name " + address.host() + " is not known"));
        }
    }

    /** Tries the addresses of a name in turn. */
    private void connect(List<InetAddress> found, int index, boolean allRefused) {
        if (index == found.size()) {
            unreachable(allRefused ? "connection refused" : "it cannot be reached");
            if (allRefused) {
                connections.nobodyListens(this);
            }
            return;
        }
        ChannelFuture attempt = connections.connect(this, new InetSocketAddress(found.get(index), address.port()));
        attempt.addListener(done -> {
            if (!done.isSuccess()) {
                connect(found, index + 1, allRefused && isRefused(done.cause()));
            }
        });
    }

    /** A time-out is a {@link ConnectException} too, but says nothing about whether a process is there. */
    private static boolean isRefused(Throwable cause) {
        return cause instanceof ConnectException
                && !(cause instanceof ConnectTimeoutException)
                && String.valueOf(cause.getMessage()).contains("refused");
    }

    /** The greeting went well. */
    void connected(String who) {
        name = who;
        connectedAtNs = System.nanoTime();
    }

    /** One of the two sides does not want the connection; its end follows. */
    void refused(Refusal refusal) {
        self = refusal.reason() == Refusal.Reason.SELF;
    }

    /** The node behind the address is connected under another one; the end of this connection follows. */
    void park(String who) {
        name = who;
        parkedFor = who;
    }

    /** A connection, greeted or not, has ended. */
    void ended(Outgoing connection) {
        Link link = connection.link();
        if (link != null) {
            connections.disconnected(this, link, link.end() == null ? connection.end() : link.end());
            long livedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - connectedAtNs);
            // one that breaks at once must not be tried in a quick loop
            failures = livedMs > connections.context().settings().backoffMaxMs() ? 0 : failures;
            again(backoffMs());
        } else if (self || parkedFor != null) {
            again(connections.context().settings().parkedMs());
        } else {
            connections.notConnected(this, connection.end());
            again(backoffMs());
        }
    }

    private void unreachable(String reason) {
        connections.unreachable(this, reason);
        again(backoffMs());
    }

    private void again(long delayMs) {
        if (connections.wants(address)) {
            timer = connections.context().loop().schedule(this::dial, delayMs, TimeUnit.MILLISECONDS);
        } else {
            connections.forget(this);
        }
    }

    /** Doubles with every failure, up to a bound; between half of that and the whole, so that nodes do not march in step. */
    private long backoffMs() {
        TransportSettings settings = connections.context().settings();
        long fullMs = settings.backoffMinMs();
        for (int i = 0; i < failures && fullMs < settings.backoffMaxMs(); i++) {
            fullMs *= 2;
        }
        fullMs = Math.min(fullMs, settings.backoffMaxMs());
        failures++;
        return fullMs / 2 + ThreadLocalRandom.current().nextLong(fullMs / 2 + 1);
    }

    /** The connection for which this one stood back is gone. */
    void unpark(String who) {
        if (who.equals(parkedFor) && timer != null && timer.cancel(false)) {
            dial();
        }
    }

    /** A node that stands or may stand behind the address has just shown that it is there: no need to wait. */
    void hurry() {
        if (parkedFor == null && !self && timer != null && timer.cancel(false)) {
            dial();
        }
    }

    /** The address is not wanted any more; true when nothing is under way that will find that out by itself. */
    boolean retire() {
        return timer != null && timer.cancel(false);
    }
}
