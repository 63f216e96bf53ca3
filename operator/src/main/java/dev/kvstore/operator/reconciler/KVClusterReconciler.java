package dev.kvstore.operator.reconciler;

import dev.kvstore.operator.OperatorSettings;
import dev.kvstore.operator.api.KVCluster;
import dev.kvstore.operator.api.KVClusterSpec;
import dev.kvstore.operator.api.KVClusterStatus;
import dev.kvstore.operator.api.StorageSpec.VolumePolicy;
import dev.kvstore.operator.observed.Observed;
import dev.kvstore.operator.resources.ObjectNames;
import dev.kvstore.operator.status.Announcement;
import dev.kvstore.operator.status.Report;
import dev.kvstore.operator.status.RingHistory;
import dev.kvstore.operator.status.Situation;
import dev.kvstore.operator.status.Situation.Remark;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.PrimaryUpdateAndCacheUtils;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.rate.RateLimited;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pass over one cluster: look, decide, do, report. Each pass starts from nothing but what is there, so that it does not
 * matter which operator made the one before, or how far it came.
 */
@ControllerConfiguration(
        name = "kvcluster",
        finalizerName = "kvstore.dev/volumes",
        fieldManager = "kvstore-operator",
        generationAwareEventProcessing = false,
        informer = @Informer(onUpdateFilter = OrderChanged.class))
@GradualRetry(maxAttempts = Integer.MAX_VALUE, initialInterval = 500, intervalMultiplier = 2, maxInterval = 10_000)
@RateLimited(maxReconciliations = 4, within = 1)
public class KVClusterReconciler implements Reconciler<KVCluster>, Cleaner<KVCluster> {
    private static final Logger LOG = LoggerFactory.getLogger(KVClusterReconciler.class);

    /** How often it is looked whether pods of a deleted cluster are gone. */
    private static final Duration DELETION_CHECK = Duration.ofSeconds(2);

    /** The API server says with one of these that the order itself is wrong: invalid, forbidden, bad. */
    private static final Set<Integer> REJECTIONS = Set.of(400, 403, 422);

    private final OperatorSettings settings;
    private final InstantSource clock;
    private final EventLog events;
    private final Hands hands;
    private final Eyes eyes;
    private final Departure departure = new Departure(ObjectNames.HTTP_PORT);
    private final RingHistory rings = new RingHistory();
    private final KubernetesClient client;
    private volatile boolean budgetServed;

    KVClusterReconciler(
            KubernetesClient client, OperatorSettings settings, MeterRegistry metrics, InstantSource clock) {
        this.client = client;
        this.settings = settings;
        this.clock = clock;
        events = new EventLog(client, clock);
        hands = new Hands(client, events, metrics);
        eyes = new Eyes(client);
    }

    @Override
    public List<EventSource<?, KVCluster>> prepareEventSources(EventSourceContext<KVCluster> context) {
        budgetServed = client.supports(PodDisruptionBudget.class);
        if (!budgetServed) {
            LOG.warn("the API does not serve policy/v1: a drain may take several members of a cluster at once");
        }
        return Sources.of(context, budgetServed, rings);
    }

    @Override
    public UpdateControl<KVCluster> reconcile(KVCluster stored, Context<KVCluster> context) {
        KVCluster cluster = withSpec(stored);
        Observed observed = eyes.cached(cluster, context);
        Optional<Remark> refusal =
                SpecCheck.check(observed, eyes.storageClass(observed)).or(() -> departure.refusal(observed));
        Course course = Course.of(observed, refusal, settings.nodeImage(), budgetServed, clock.instant());
        if (stored.getStatus() == null && !budgetServed) {
            events.write(
                    cluster,
                    new Announcement(
                            true,
                            "NoDisruptionBudget",
                            "this Kubernetes does not serve policy/v1: a drain may take several members at once"));
        }
        Situation situation = perform(course, cluster, context);
        rings.news(ResourceID.fromResource(stored)).forEach(event -> events.write(stored, event));
        return report(situation, stored, context);
    }

    private Situation perform(Course course, KVCluster cluster, Context<KVCluster> context) {
        try {
            for (Action action : course.actions()) {
                if (!(action instanceof Action.Restart restart) || isStillNext(restart, course)) {
                    hands.perform(action, cluster, context);
                }
            }
            return course.situation();
        } catch (ForeignObject e) {
            return course.situation().refused(e.remark());
        } catch (KubernetesClientException e) {
            if (!REJECTIONS.contains(e.getCode())) {
                throw e;
            }
            LOG.warn("{}: {}", ObjectNames.of(cluster), e.getMessage());
            return course.situation()
                    .refused(new Remark("RejectedByKubernetes", "correct the spec or the rights: " + e.getMessage()));
        }
    }

    /** Caches may be of before the last restart; a pod goes only by what the API server says now, under the order followed. */
    private boolean isStillNext(Action.Restart restart, Course course) {
        KVCluster followed = course.situation().observed().cluster();
        return RestartOrder.of(eyes.live(followed)) instanceof RestartOrder.Next next
                && next.node().uid().equals(restart.node().uid());
    }

    private UpdateControl<KVCluster> report(Situation situation, KVCluster stored, Context<KVCluster> context) {
        KVClusterStatus before = stored.getStatus();
        KVClusterStatus now = Report.of(situation, before, clock.instant());
        if (!now.equals(before)) {
            KVCluster fresh = new KVCluster();
            fresh.getMetadata().setName(stored.getMetadata().getName());
            fresh.getMetadata().setNamespace(stored.getMetadata().getNamespace());
            fresh.setStatus(now);
            // into the cache too: a pass that still sees the status of before would tell its events again
            PrimaryUpdateAndCacheUtils.ssaPatchStatusAndCacheResource(stored, fresh, context);
            Announcement.between(before, now).forEach(event -> events.write(stored, event));
        }
        UpdateControl<KVCluster> control = UpdateControl.noUpdate();
        return "Running".equals(now.phase()) ? control : control.rescheduleAfter(settings.recheck());
    }

    /** The finalizer holds the cluster until its pods have stopped and its volumes are gone, if they are to go. */
    @Override
    public DeleteControl cleanup(KVCluster stored, Context<KVCluster> context) {
        ObjectNames names = ObjectNames.of(stored);
        hands.deleteNodes(stored);
        if (!hands.pods(names).isEmpty()) {
            return DeleteControl.noFinalizerRemoval().rescheduleAfter(DELETION_CHECK);
        }
        if (withSpec(stored).getSpec().storage().whenDeleted() == VolumePolicy.Delete) {
            hands.deleteClaims(stored, context);
        }
        hands.deleteTheRest(stored, context, budgetServed);
        rings.forget(ResourceID.fromResource(stored));
        return DeleteControl.defaultDelete();
    }

    /** A KVCluster without a spec is one of which everything is the default. */
    private static KVCluster withSpec(KVCluster stored) {
        if (stored.getSpec() != null) {
            return stored;
        }
        KVCluster cluster = new KVCluster();
        cluster.setMetadata(stored.getMetadata());
        cluster.setStatus(stored.getStatus());
        cluster.setSpec(KVClusterSpec.DEFAULT);
        return cluster;
    }
}
