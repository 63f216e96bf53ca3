package dev.kvstore.operator.election;

import dev.kvstore.operator.ApiRequests;
import dev.kvstore.operator.OperatorSettings;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.Operator;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Runs the election as long as this process lives, and the operator from when it leads. Without an API server it waits: a
 * leader stays one and goes on when the server is back and nobody has taken the Lease meanwhile. One that was replaced ends,
 * so that it starts anew from nothing.
 */
@Singleton
public final class Leadership {
    private static final Logger LOG = Logger.getLogger(Leadership.class);

    /** For the thread to end what it is about. */
    private static final long END_S = 10;

    private final Operator operator;
    private final OperatorSettings.Lease settings;
    private final Fence fence;
    private final KubernetesClient client;
    private final Election election;
    private final String identity;
    private final Runnable end;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "election");

    private volatile Election.Standing standing = Election.Standing.WAITING;
    private volatile String holder = "";
    private volatile boolean failing;
    private volatile boolean started;

    @Inject
    Leadership(
            Operator operator,
            KubernetesClient like,
            OperatorSettings settings,
            Fence fence,
            InstantSource clock,
            ApiRequests count,
            MeterRegistry metrics) {
        this(operator, like, settings, fence, clock, count, metrics, () -> Quarkus.asyncExit(1));
    }

    /** With another way to end than that of the whole process. */
    Leadership(
            Operator operator,
            KubernetesClient like,
            OperatorSettings settings,
            Fence fence,
            InstantSource clock,
            ApiRequests count,
            MeterRegistry metrics,
            Runnable end) {
        this.operator = operator;
        this.end = end;
        this.settings = settings.lease();
        this.fence = fence;
        int requestMs = (int) this.settings.retry().toMillis();
        // a client of its own: not held up by the others' requests, and in front of the fence
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(like.getConfiguration())
                        .withRequestTimeout(requestMs)
                        .withConnectionTimeout(requestMs)
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .withKubernetesSerialization(like.getKubernetesSerialization())
                .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("count", count))
                .build();
        identity = Optional.ofNullable(System.getenv("HOSTNAME"))
                .filter(name -> !name.isBlank())
                .orElseGet(() -> UUID.randomUUID().toString());
        String namespace = this.settings
                .namespace()
                .orElseGet(() ->
                        Objects.requireNonNullElse(client.getConfiguration().getNamespace(), "default"));
        election = new Election(client, namespace, identity, this.settings, fence, System::nanoTime, clock);
        metrics.gauge("kvstore.operator.leading", this, each -> each.leads() ? 1 : 0);
    }

    void start(@Observes StartupEvent event) {
        thread.setDaemon(true);
        thread.start();
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        // whoever leads next must not be written over
        fence.close();
        stopping.countDown();
        if (started) {
            operator.stop();
        }
        thread.join(TimeUnit.SECONDS.toMillis(END_S));
        client.close();
    }

    /** Whether this operator leads and may write. */
    public boolean leads() {
        return standing == Election.Standing.LEADING && fence.isOpen();
    }

    /** Whether this operator was elected; without an API server it may be so, and not be able to write. */
    public boolean elected() {
        return standing == Election.Standing.LEADING;
    }

    /** Whether the election goes on; it ends with the process only. */
    public boolean electing() {
        return thread.isAlive() || stopping.getCount() == 0;
    }

    /** Whether it has seen all that there is, and works. */
    public boolean started() {
        return started;
    }

    /** The operator that leads, as far as is known; empty when none is. */
    public String holder() {
        return holder;
    }

    /** Whether the API server answered when the Lease was asked for last. */
    public boolean answered() {
        return !failing;
    }

    private void run() {
        try {
            do {
                step();
            } while (!stopping.await(settings.retry().toMillis(), TimeUnit.MILLISECONDS));
            election.release();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (KubernetesClientException e) {
            LOG.infof("the Lease is not released, it runs out by itself: %s", e.getMessage());
        } catch (RuntimeException e) {
            // without an election it would neither lead nor stand by, and look well
            LOG.error("the election has failed; the operator ends, to start anew", e);
            end.run();
        }
    }

    private void step() {
        try {
            Election.Standing now = election.step();
            if (failing) {
                LOG.info("the API server answers again");
            }
            failing = false;
            holder = election.holder();
            if (now != standing) {
                standing = now;
                changed(now);
            }
        } catch (KubernetesClientException e) {
            if (!failing) {
                LOG.warnf("the API server cannot be used; the operator waits for it: %s", reason(e));
            }
            failing = true;
        }
    }

    private static String reason(KubernetesClientException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private void changed(Election.Standing now) {
        switch (now) {
            case WAITING -> {}
            case LEADING -> {
                LOG.infof("%s leads", identity);
                // reading all that there is takes a while, and the Lease must be renewed meanwhile
                Thread starter = new Thread(this::startOperator, "start of the operator");
                starter.setDaemon(true);
                starter.start();
            }
            case REPLACED -> {
                LOG.warnf("%s leads now; this operator ends, to start anew", holder);
                end.run();
            }
        }
    }

    private void startOperator() {
        try {
            // the first call also makes it, for which it asks the API server what that serves
            operator.start();
            started = true;
        } catch (RuntimeException e) {
            LOG.error("the operator cannot start; it ends, to try again", e);
            end.run();
        }
    }
}
