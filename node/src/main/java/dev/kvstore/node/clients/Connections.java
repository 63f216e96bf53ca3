package dev.kvstore.node.clients;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts clients' connections. Those that came when there were too many are known by their remote address, so that they, and
 * not those that were there before, are refused.
 */
@ApplicationScoped
public class Connections implements ConnectionEvents.Listener {
    private final ClientSettings settings;
    private final AtomicInteger open = new AtomicInteger();
    private final Set<String> tooMany = ConcurrentHashMap.newKeySet();
    private final Counter refused;
    private final Counter closedUnanswered;

    Connections(ClientSettings settings, ConnectionEvents events, MeterRegistry registry) {
        this.settings = settings;
        this.refused = Counter.builder("kvstore.connections.refused")
                .description("Requests that were refused because their connection was one too many")
                .register(registry);
        Gauge.builder("kvstore.connections", open, AtomicInteger::get)
                .description("Connections of clients")
                .register(registry);
        Gauge.builder("kvstore.connections.limit", settings, ClientSettings::connections)
                .description("Bound of these")
                .register(registry);
        this.closedUnanswered = Counter.builder("kvstore.sockets.refused")
                .description("Connections that were closed at once, since there were even more than can be told so")
                .register(registry);
        events.tell(this);
    }

    /** Whether the request's connection is one too many; it is to be refused and closed then. */
    public boolean refuses(HttpServerRequest request) {
        if (tooMany.isEmpty()
                || !tooMany.contains(String.valueOf(request.connection().remoteAddress()))) {
            return false;
        }
        refused.increment();
        return true;
    }

    @Override
    public void opened(String remote) {
        if (open.incrementAndGet() > settings.connections()) {
            tooMany.add(remote);
        }
    }

    @Override
    public void closed(String remote) {
        open.decrementAndGet();
        tooMany.remove(remote);
    }

    @Override
    public void closedUnanswered() {
        closedUnanswered.increment();
    }
}
