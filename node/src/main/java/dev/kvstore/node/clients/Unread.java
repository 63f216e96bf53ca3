package dev.kvstore.node.clients;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.ChannelOutboundBuffer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Answers that clients have not taken yet. They lie in this process' memory: a client that asks and never reads must not be
 * able to fill it. A connection gets no further answer while it has not taken the one before; who takes nothing for a while is
 * disconnected; and when all together hold too much, the slowest are disconnected at once, and requests refused until then.
 */
@ApplicationScoped
public class Unread {
    private static final long LOOK_MS = 250;

    private final ClientSettings settings;
    private final Map<HttpConnection, Behind> behind = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();
    private final Counter disconnected;

    Unread(ClientSettings settings, Vertx vertx, MeterRegistry registry) {
        this.settings = settings;
        this.disconnected = Counter.builder("kvstore.unread.disconnected")
                .description("Connections that were closed because their client did not take its answer")
                .register(registry);
        Gauge.builder("kvstore.unread.bytes", bytes, AtomicLong::get)
                .description("Bytes of answers that clients have not taken yet")
                .register(registry);
        Gauge.builder("kvstore.unread.bytes.limit", settings, ClientSettings::unreadBytes)
                .description("Bound of these")
                .register(registry);
        Gauge.builder("kvstore.unread.connections", behind, Map::size)
                .description("Connections whose client has not taken all of its answer")
                .register(registry);
        vertx.setPeriodic(LOOK_MS, timer -> look(System.nanoTime()));
    }

    /** How much a connection's client has not taken, and since when that has not become less. */
    private record Behind(long bytes, long sinceNanos) {}

    /** Whether clients are behind by so much that nothing more can be answered. */
    public boolean tooMuch() {
        return bytes.get() > settings.unreadBytes();
    }

    /** Has a request carried out when its client has taken the answers before it, which most have long done. */
    public void whenRead(RoutingContext context, Runnable request) {
        context.addEndHandler(answered -> ended(context.request().connection()));
        if (!context.response().writeQueueFull()) {
            request.run();
            return;
        }
        context.response().drainHandler(drained -> {
            context.response().drainHandler(null);
            request.run();
        });
    }

    private void ended(HttpConnection connection) {
        long pending = pendingBytes(connection);
        if (pending > 0) {
            Behind before = behind.put(connection, new Behind(pending, System.nanoTime()));
            bytes.addAndGet(pending - (before == null ? 0 : before.bytes()));
        }
    }

    private void look(long nowNanos) {
        behind.replaceAll((connection, before) -> {
            long pending = pendingBytes(connection);
            return pending == before.bytes() ? before : new Behind(pending, nowNanos);
        });
        behind.values().removeIf(each -> each.bytes() == 0);
        long sum = 0;
        for (Map.Entry<HttpConnection, Behind> each : behind.entrySet()) {
            Behind stuck = each.getValue();
            sum += stuck.bytes();
            if (nowNanos - stuck.sinceNanos() > TimeUnit.MILLISECONDS.toNanos(settings.readTimeoutMs())) {
                disconnect(each.getKey());
            }
        }
        bytes.set(sum > settings.unreadBytes() ? disconnectSlowest(sum) : sum);
    }

    /** So that some who do not read do not keep the others out until their time is over. */
    private long disconnectSlowest(long sum) {
        long left = sum;
        List<Map.Entry<HttpConnection, Behind>> slowest = new ArrayList<>(behind.entrySet());
        slowest.sort(Comparator.comparingLong(each -> each.getValue().sinceNanos()));
        for (Map.Entry<HttpConnection, Behind> each : slowest) {
            if (left <= settings.unreadBytes() / 2) {
                break;
            }
            left -= each.getValue().bytes();
            disconnect(each.getKey());
        }
        return left;
    }

    private void disconnect(HttpConnection connection) {
        disconnected.increment();
        // not its own close(), which waits for what is still to be written
        ((ConnectionBase) connection).channel().unsafe().closeForcibly();
    }

    /** What waits in the channel, beyond what the system has taken. */
    private static long pendingBytes(HttpConnection connection) {
        @Nullable
        ChannelOutboundBuffer buffer =
                ((ConnectionBase) connection).channel().unsafe().outboundBuffer();
        // a closed channel has none
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }
}
