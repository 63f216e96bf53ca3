package dev.kvstore.node;

import dev.kvstore.core.ring.Desired;
import dev.kvstore.node.clients.ClientSettings;
import dev.kvstore.node.coordination.Coordination;
import dev.kvstore.node.coordination.CoordinationException;
import dev.kvstore.node.coordination.CoordinationMetrics;
import dev.kvstore.node.engine.Engine;
import dev.kvstore.node.engine.EngineSource;
import dev.kvstore.node.engine.Limits;
import dev.kvstore.node.engine.LimitsSource;
import dev.kvstore.node.health.HealthSettings;
import dev.kvstore.node.http.HttpSettings;
import dev.kvstore.node.metrics.MetricSources;
import dev.kvstore.node.order.OrderDesk;
import dev.kvstore.node.status.Identity;
import dev.kvstore.node.status.StatusSource;
import dev.kvstore.node.storage.StorageMetrics;
import dev.kvstore.node.transport.TransportMetrics;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Starts the node before HTTP is opened, and stops it after HTTP was closed. In between, {@link #drain} lets it hand over what
 * it has while HTTP still answers.
 */
@ApplicationScoped
class NodeLifecycle implements EngineSource, LimitsSource, MetricSources, StatusSource, OrderDesk {
    private static final Logger LOG = Logger.getLogger(NodeLifecycle.class);

    /** The core is told to be done so long before this side stops to wait for it. */
    private static final long DRAIN_MARGIN_MS = 500;

    /** So long others may still forward operations here, until they have heard of the end; they are answered. */
    private static final long FAREWELL_MS = 500;

    private final NodeConfig config;
    private final Instance<KubernetesClient> kubernetes;
    private volatile @Nullable Node node;
    private volatile @Nullable Limits changed;
    private volatile boolean leaving;
    private volatile @Nullable String storeFailure;

    NodeLifecycle(NodeConfig config, Instance<KubernetesClient> kubernetes) {
        this.config = config;
        this.kubernetes = kubernetes;
    }

    @Produces
    @Singleton
    HttpSettings http() {
        return NodeSettings.of(config).http();
    }

    @Produces
    @Singleton
    ClientSettings clients() {
        return NodeSettings.of(config).clients();
    }

    @Produces
    @Singleton
    HealthSettings health() {
        return new HealthSettings(config.limits().progress().toMillis());
    }

    void start(@Observes StartupEvent event) {
        Node started =
                new Node(NodeSettings.of(config), kubernetes::get, limits -> changed = limits, NodeProcess::fail);
        node = started;
        started.storage().failure().thenAccept(failure -> withdraw(started, String.valueOf(failure.getMessage())));
    }

    /**
     * The store can do no more: the node leaves the cluster as if it had failed, and stays to say why. The store's own threads
     * call this and are waited for, so that it takes another one.
     */
    private void withdraw(Node failed, String why) {
        storeFailure = why;
        Thread.ofPlatform().name("withdraw").start(() -> {
            failed.close();
            LOG.error("this node serves nothing any more, since its store has failed; it stays to say so");
        });
    }

    void stop(@Observes ShutdownEvent event) {
        leaving = true;
        close();
    }

    /**
     * Lets clients notice that this node is on its way out, then hands its primaries over and says goodbye, all within the
     * configured times.
     */
    void drain() {
        leaving = true;
        Node running = node;
        if (running == null) {
            return;
        }
        long timeoutMs = config.drainTimeout().toMillis();
        try {
            Thread.sleep(config.linger());
            LOG.info("stopping: handing over what this node is primary of");
            long sinceNanos = System.nanoTime();
            running.engine()
                    .drain(timeoutMs)
                    .toCompletableFuture()
                    .get(timeoutMs + DRAIN_MARGIN_MS, TimeUnit.MILLISECONDS);
            long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNanos);
            if (tookMs < timeoutMs) {
                LOG.infof("everything is handed over, after %d ms", tookMs);
                Thread.sleep(FAREWELL_MS);
            } else {
                LOG.warnf("not everything could be handed over within %d ms", timeoutMs);
            }
        } catch (TimeoutException e) {
            LOG.warnf("not everything could be handed over within %d ms", timeoutMs);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            LOG.error("handing over has failed", e);
        }
    }

    /** Stops the node. */
    void close() {
        Node running = node;
        if (running != null) {
            running.close();
        }
    }

    @Override
    public @Nullable Engine engine() {
        Node running = node;
        return running == null ? null : running.engine();
    }

    @Override
    public Limits limits() {
        Limits now = changed;
        if (now == null) {
            now = NodeSettings.of(config).limits();
            changed = now;
        }
        return now;
    }

    @Override
    public boolean leaving() {
        return leaving;
    }

    @Override
    public @Nullable String storeFailure() {
        return storeFailure;
    }

    @Override
    public CompletionStage<Desired> order(Coordination.Order order) {
        Node running = node;
        return running == null
                ? CompletableFuture.failedStage(new CoordinationException("this node is starting"))
                : running.coordination().order(order);
    }

    @Override
    public @Nullable Identity identity() {
        Node running = node;
        return running == null ? null : running.identity();
    }

    @Override
    public long copyBytes(int partition) {
        Node running = node;
        return running == null ? 0 : running.storage().copyBytes(partition);
    }

    @Override
    public long dataBytes() {
        Node running = node;
        return running == null ? 0 : running.storage().dataBytes();
    }

    @Override
    public long leastFreeBytes() {
        return config.limits().minFreeDiskBytes();
    }

    @Override
    public @Nullable StorageMetrics storageMetrics() {
        Node running = node;
        return running == null ? null : running.storage().metrics();
    }

    @Override
    public @Nullable TransportMetrics transportMetrics() {
        Node running = node;
        return running == null ? null : running.transport().metrics();
    }

    @Override
    public @Nullable CoordinationMetrics coordinationMetrics() {
        Node running = node;
        return running == null ? null : running.coordination().metrics();
    }
}
