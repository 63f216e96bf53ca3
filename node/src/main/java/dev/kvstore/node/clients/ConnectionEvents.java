package dev.kvstore.node.clients;

import io.quarkus.vertx.VertxOptionsCustomizer;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.metrics.MetricsOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.VertxMetricsFactory;
import io.vertx.core.spi.metrics.HttpServerMetrics;
import io.vertx.core.spi.metrics.VertxMetrics;
import jakarta.inject.Singleton;
import java.util.function.Consumer;

/** Tells of connections that open and close. That is known to Vert.x' metrics only, while nothing is requested on them. */
@Singleton
class ConnectionEvents implements VertxOptionsCustomizer {
    private volatile Consumer<String> opened = remote -> {};
    private volatile Consumer<String> closed = remote -> {};

    /** To be called before the server listens. */
    void listener(Consumer<String> whenOpened, Consumer<String> whenClosed) {
        opened = whenOpened;
        closed = whenClosed;
    }

    @Override
    @SuppressWarnings("deprecation") // its replacement is for who builds Vert.x, which is Quarkus
    public void accept(VertxOptions options) {
        VertxMetricsFactory factory = all -> new VertxMetrics() {
            @Override
            public HttpServerMetrics<?, ?, ?> createHttpServerMetrics(HttpServerOptions server, SocketAddress local) {
                return new ServerMetrics();
            }
        };
        options.setMetricsOptions(new MetricsOptions().setEnabled(true).setFactory(factory));
    }

    private final class ServerMetrics implements HttpServerMetrics<Object, Object, String> {
        @Override
        public String connected(SocketAddress remoteAddress, String remoteName) {
            String remote = String.valueOf(remoteAddress);
            opened.accept(remote);
            return remote;
        }

        @Override
        public void disconnected(String remote, SocketAddress remoteAddress) {
            closed.accept(remote);
        }
    }
}
