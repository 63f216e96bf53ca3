package dev.kvstore.node.clients;

import io.quarkus.vertx.VertxOptionsCustomizer;
import io.quarkus.vertx.http.runtime.ExtendedQuarkusVertxHttpMetrics;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.metrics.MetricsOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.VertxMetricsFactory;
import io.vertx.core.spi.metrics.HttpServerMetrics;
import io.vertx.core.spi.metrics.VertxMetrics;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicInteger;

/** Tells of connections that open and close. That is known to Vert.x' metrics only, while nothing is requested on them. */
@Singleton
class ConnectionEvents implements VertxOptionsCustomizer {
    private volatile Listener listener = Listener.NOBODY;

    /** Who is told, on the threads of the connections. */
    interface Listener {
        /** Nobody. */
        Listener NOBODY = new Listener() {
            @Override
            public void opened(String remote) {}

            @Override
            public void closed(String remote) {}

            @Override
            public void closedUnanswered() {}
        };

        /** A connection from this address came about. */
        void opened(String remote);

        /** It has ended. */
        void closed(String remote);

        /** A connection was beyond all bounds and closed at once. */
        void closedUnanswered();
    }

    /** To be called before the server listens. */
    void tell(Listener whom) {
        listener = whom;
    }

    @Override
    @SuppressWarnings("deprecation") // its replacement is for who builds Vert.x, which is Quarkus
    public void accept(VertxOptions options) {
        VertxMetricsFactory factory = all -> new Metrics();
        options.setMetricsOptions(new MetricsOptions().setEnabled(true).setFactory(factory));
    }

    /** Quarkus insists on its own interface besides that of Vert.x. */
    private final class Metrics implements VertxMetrics, ExtendedQuarkusVertxHttpMetrics {
        @Override
        public HttpServerMetrics<?, ?, ?> createHttpServerMetrics(HttpServerOptions server, SocketAddress local) {
            return new ServerMetrics();
        }

        @Override
        public ConnectionTracker getHttpConnectionTracker() {
            return new ConnectionTracker() {
                @Override
                public void onConnectionRejected() {
                    listener.closedUnanswered();
                }

                @Override
                public void initialize(int maxConnections, AtomicInteger current) {}
            };
        }
    }

    private final class ServerMetrics implements HttpServerMetrics<Object, Object, String> {
        @Override
        public String connected(SocketAddress remoteAddress, String remoteName) {
            String remote = String.valueOf(remoteAddress);
            listener.opened(remote);
            return remote;
        }

        @Override
        public void disconnected(String remote, SocketAddress remoteAddress) {
            listener.closed(remote);
        }
    }
}
