package dev.kvstore.node.coordination.kubernetes;

import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Input;
import dev.kvstore.core.ring.Desired;
import dev.kvstore.core.ring.Ring;
import dev.kvstore.node.coordination.Coordination;
import dev.kvstore.node.coordination.CoordinationMetrics;
import dev.kvstore.node.coordination.Declaration;
import dev.kvstore.node.coordination.Leadership;
import dev.kvstore.node.coordination.OrderRefusedException;
import dev.kvstore.node.engine.Limits;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Coordination through the API server of a Kubernetes cluster. Lease, ring and desired state have a thread each, so that a slow
 * answer for one holds up no other; a fourth only watches the clock, so that this node notices that its Lease has run out
 * while the server does not answer. Nothing waits for the server: an outage only delays.
 */
public final class KubernetesCoordination implements Coordination {
    private static final Logger LOG = Logger.getLogger(KubernetesCoordination.class);
    private static final long FOREVER_MS = TimeUnit.DAYS.toMillis(365);

    private final String name;
    private final KubernetesSettings settings;
    private final LongSupplier monoMs;
    private final Clock clock;
    private final Limits limits;
    private final Consumer<Limits> limitsSink;
    private final CoordinationMetrics metrics = new CoordinationMetrics();
    private final ApiServer leaseApi;
    private final ApiServer mapApi;
    private final Worker leaseWorker = new Worker("kvstore-lease");
    private final Worker ringWorker = new Worker("kvstore-ring");
    private final Worker desiredWorker = new Worker("kvstore-desired");
    private final Worker clockWorker = new Worker("kvstore-lease-clock");

    private volatile @Nullable Started started;

    private record Started(Leadership leadership, Election election, RingMap ring, DesiredMap desired) {}

    /**
     * Sends nothing yet.
     *
     * @param client how to reach the server; it is not closed
     * @param name this node's name
     * @param monoMs a clock in milliseconds that never goes back
     * @param clock what is written into the Lease for people to read
     * @param limits the node's bounds where the desired state says nothing
     * @param limitsSink told when the desired state says something else
     */
    public KubernetesCoordination(
            KubernetesClient client,
            String name,
            KubernetesSettings settings,
            LongSupplier monoMs,
            Clock clock,
            Limits limits,
            Consumer<Limits> limitsSink) {
        this.name = name;
        this.settings = settings;
        this.monoMs = monoMs;
        this.clock = clock;
        this.limits = limits;
        this.limitsSink = limitsSink;
        this.leaseApi = new ApiServer("the Lease", client, settings.leaseRequestMs(), monoMs, metrics);
        this.mapApi = new ApiServer("the ring", client, settings.requestMs(), monoMs, metrics);
    }

    @Override
    public Optional<Ring> ringInRegister() {
        try {
            return ringWorker.call(() -> RingMap.ring(leaseApi, settings), settings.startMs());
        } catch (ExecutionException e) {
            LOG.debugf(e.getCause(), "the ring cannot be read before the start");
        } catch (TimeoutException e) {
            LOG.warnf("the API server has not answered within %d ms; starting without it", settings.startMs());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.empty();
    }

    @Override
    public void start(Consumer<Input> sink) {
        SplittableRandom random = new SplittableRandom();
        Leadership leadership = new Leadership(
                name, settings.leaseMs(), monoMs, metrics, holder -> sink.accept(new Input.LeaderIs(holder)));
        Election election =
                new Election(leaseApi, leaseWorker, name, settings, leadership, monoMs, clock, random.split());
        RingMap ring = new RingMap(mapApi, ringWorker, settings, metrics, monoMs, random.split(), sink);
        DesiredMap desired = new DesiredMap(
                mapApi, desiredWorker, settings, metrics, monoMs, random.split(), limits, sink, limitsSink);
        started = new Started(leadership, election, ring, desired);
        desiredWorker.execute(desired::start);
        ringWorker.execute(ring::start);
        leaseWorker.execute(election::start);
        leaseWorker.repeat(settings.pollMs(), election::look);
        clockWorker.repeat(settings.pollMs(), leadership::held);
    }

    @Override
    public void propose(Effect.ProposeRing proposal) {
        Started running = Objects.requireNonNull(started, "not started");
        ringWorker.execute(() -> running.ring().propose(proposal));
    }

    @Override
    public void resign(long forMs) {
        Started running = started;
        if (running != null) {
            running.leadership().resign(forMs);
            leaseWorker.execute(running.election()::release);
        }
    }

    @Override
    public void declare(Declaration declaration) {
        LOG.debugf("what the cluster should be is ConfigMap %s's to say", settings.config());
    }

    @Override
    public CompletionStage<Desired> order(Order order) {
        return CompletableFuture.failedStage(new OrderRefusedException(
                "this cluster is what its KVCluster says: change that, with 'kubectl scale', 'edit' or 'annotate'"));
    }

    @Override
    public CoordinationMetrics metrics() {
        return metrics;
    }

    @Override
    public void close() {
        resign(FOREVER_MS);
        Started running = started;
        if (running != null) {
            leaseWorker.execute(running.election()::stop);
            ringWorker.execute(running.ring()::stop);
            desiredWorker.execute(running.desired()::stop);
        }
        clockWorker.close();
        try {
            if (!leaseWorker.close(settings.closeMs())) {
                LOG.warn("the API server does not answer; the Lease is not released but runs out");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        leaseWorker.close();
        ringWorker.close();
        desiredWorker.close();
        leaseApi.close();
        mapApi.close();
    }
}
