package dev.kvstore.operator.reconciler;

import dev.kvstore.operator.api.KVCluster;
import dev.kvstore.operator.fields.Additions;
import dev.kvstore.operator.resources.Documents;
import dev.kvstore.operator.resources.ObjectNames;
import dev.kvstore.operator.status.Announcement;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.SSABasedGenericKubernetesResourceMatcher;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what was decided, in Kubernetes. */
final class Hands {
    private static final Logger LOG = LoggerFactory.getLogger(Hands.class);

    /** How long an old StatefulSet is waited for to go; it takes Kubernetes' garbage collector a moment. */
    private static final long ORPHAN_S = 10;

    /** Most objects of which it is remembered that additions come back. */
    private static final int MAX_LASTING = 1_000;

    private final KubernetesClient client;
    private final EventLog events;
    private final MeterRegistry metrics;
    private final Map<String, Set<String>> lasting = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Set<String>> eldest) {
            return size() > MAX_LASTING;
        }
    });

    Hands(KubernetesClient client, EventLog events, MeterRegistry metrics) {
        this.client = client;
        this.events = events;
        this.metrics = metrics;
    }

    /**
     * Carries out one action.
     *
     * @throws ForeignObject when an object of a name that is needed belongs to somebody else
     * @throws io.fabric8.kubernetes.client.KubernetesClientException when the API server refuses it
     */
    void perform(Action action, KVCluster cluster, Context<KVCluster> context) {
        switch (action) {
            case Action.Apply(HasMetadata object) -> apply(object, cluster, context);
            case Action.Restart(var node, String why) -> {
                client.resource(node.pod())
                        .lockResourceVersion(node.pod().getMetadata().getResourceVersion())
                        .delete();
                done(cluster, action, new Announcement(false, "PodRestarted", node.name() + " restarts: " + why));
            }
            case Action.Forget(var node) -> {
                forget(node.pod());
                String message = node.name() + " is removed: its machine "
                        + node.machine().orElse("") + " is gone or out of service";
                done(cluster, action, new Announcement(true, "PodForgotten", message));
            }
            case Action.DeleteClaim(PersistentVolumeClaim claim) -> {
                client.resource(claim).delete();
                String message = "volume claim " + claim.getMetadata().getName() + " of a removed member is deleted";
                done(cluster, action, new Announcement(false, "VolumeDeleted", message));
            }
            case Action.GrowClaim(PersistentVolumeClaim claim, Quantity size) -> {
                client.resource(claim).edit(each -> {
                    each.getSpec().getResources().setRequests(Map.of("storage", size));
                    return each;
                });
                String message = "volume claim " + claim.getMetadata().getName() + " grows to " + size;
                done(cluster, action, new Announcement(false, "VolumeGrows", message));
            }
            case Action.RemakeSet(var set, var anew) -> {
                remake(set, anew, context);
                String message = "the StatefulSet is made anew for larger volumes; its pods stay";
                done(cluster, action, new Announcement(false, "StatefulSetRemade", message));
            }
            case Action.RemoveAnnotation(String name, var partitions) -> {
                client.resource(cluster).edit(each -> {
                    each.getMetadata().getAnnotations().remove(name);
                    return each;
                });
                String message = "what these partitions held is given up, as " + name + " ordered: "
                        + partitions.stream().map(String::valueOf).collect(Collectors.joining(", "));
                done(cluster, action, new Announcement(true, "LossAccepted", message));
            }
        }
    }

    /** This very pod: one that has come in its place meanwhile may be at work on a machine that is well. */
    private void forget(Pod pod) {
        delete(pod, new DeleteOptionsBuilder().withGracePeriodSeconds(0L));
    }

    /**
     * Makes it anew with the same template, also as "kubectl rollout restart" has marked it: with another one all pods would
     * restart. If the old one does not go in time it is there in the next pass, which goes on.
     */
    private void remake(StatefulSet set, StatefulSet anew, Context<KVCluster> context) {
        delete(set, new DeleteOptionsBuilder().withPropagationPolicy(DeletionPropagation.ORPHAN.toString()));
        client.resource(set).waitUntilCondition(Objects::isNull, ORPHAN_S, TimeUnit.SECONDS);
        StatefulSet made = serverSideApply(anew, context);
        String restarted = Optional.ofNullable(set.getSpec().getTemplate())
                .map(template -> template.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(Additions.RESTARTED_AT))
                .orElse(null);
        if (restarted != null) {
            // not applied: it stays whose it is, and the next order of that kind replaces it
            made = client.resource(made).edit(each -> {
                each.getSpec().getTemplate().getMetadata().getAnnotations().put(Additions.RESTARTED_AT, restarted);
                return each;
            });
        }
        remember(made, set, context);
    }

    /** Deletes this very object, not one of the same name after it. */
    private void delete(HasMetadata object, DeleteOptionsBuilder options) {
        String path = (object.getApiVersion().contains("/") ? "/apis/" : "/api/") + object.getApiVersion()
                + "/namespaces/" + object.getMetadata().getNamespace() + "/" + object.getPlural() + "/"
                + object.getMetadata().getName();
        // the client's other ways to delete have either options or a precondition
        client.raw(
                path,
                "DELETE",
                options.withNewPreconditions()
                        .withUid(object.getMetadata().getUid())
                        .endPreconditions()
                        .build());
    }

    private <R extends HasMetadata> R serverSideApply(R desired, Context<KVCluster> context) {
        return client.resource(desired)
                .fieldManager(context.getControllerConfiguration().fieldManager())
                .forceConflicts()
                .serverSideApply();
    }

    private void done(KVCluster cluster, Action action, Announcement event) {
        count(action.getClass().getSimpleName());
        events.write(cluster, event);
    }

    private void apply(HasMetadata desired, KVCluster cluster, Context<KVCluster> context) {
        Optional<? extends HasMetadata> cached = cached(desired, context);
        HasMetadata actual =
                cached.isPresent() ? cached.get() : client.resource(desired).get();
        if (actual != null) {
            if (!isOurs(actual, cluster)) {
                throw new ForeignObject(actual, controller(actual).orElse(null));
            }
            if (isLeaving(actual)) {
                return;
            }
            if (isAsDesired(actual, desired, context)) {
                removeAdditions(actual, desired, context);
                return;
            }
        }
        HasMetadata applied = serverSideApply(desired, context);
        // the API server may find that a field that looked different only was written differently
        if (actual == null || !isSameVersion(applied, actual)) {
            LOG.info(
                    "{}/{}: {} {} {}",
                    desired.getMetadata().getNamespace(),
                    cluster.getMetadata().getName(),
                    actual == null ? "made" : "changed",
                    desired.getKind(),
                    desired.getMetadata().getName());
            count("Apply" + desired.getKind());
        }
        remember(applied, cached.orElse(null), context);
    }

    private static boolean isAsDesired(HasMetadata actual, HasMetadata desired, Context<KVCluster> context) {
        return SSABasedGenericKubernetesResourceMatcher.<HasMetadata>getInstance()
                .matches(actual, desired, context);
    }

    /** Ring and Lease are for the nodes to write. What comes back at once, as by an admission webhook, is let be. */
    private void removeAdditions(HasMetadata actual, HasMetadata desired, Context<KVCluster> context) {
        String manager = context.getControllerConfiguration().fieldManager();
        Additions additions = Additions.of(actual, manager);
        if (additions.paths().isEmpty()
                || Documents.isOfTheNodes(desired)
                || additions.paths().equals(lasting.get(actual.getMetadata().getUid()))) {
            return;
        }
        LOG.warn(
                "{} {}: takes away {}", desired.getKind(), desired.getMetadata().getName(), additions.paths());
        // with the version, so that a record that was read before another change is not written
        List<Map<String, Object>> takeOver = List.of(
                replace("/metadata/managedFields", additions.record()),
                replace("/metadata/resourceVersion", actual.getMetadata().getResourceVersion()));
        client.resource(actual).patch(PatchContext.of(PatchType.JSON), Serialization.asJson(takeOver));
        HasMetadata applied = serverSideApply(desired, context);
        count("Clean" + desired.getKind());
        if (Additions.of(applied, manager).paths().equals(additions.paths())) {
            lasting.put(actual.getMetadata().getUid(), additions.paths());
        }
        remember(applied, actual, context);
    }

    private static Map<String, Object> replace(String path, Object value) {
        return Map.of("op", "replace", "path", path, "value", value);
    }

    private static boolean isLeaving(HasMetadata object) {
        return object.getMetadata().getDeletionTimestamp() != null;
    }

    private static boolean isSameVersion(HasMetadata one, HasMetadata other) {
        return one.getMetadata().getResourceVersion().equals(other.getMetadata().getResourceVersion());
    }

    /** An object may be ours, or have lost its marks by hand; it must not be somebody else's. */
    private static boolean isOurs(HasMetadata actual, KVCluster cluster) {
        Optional<OwnerReference> controller = controller(actual);
        Map<String, String> labels =
                Objects.requireNonNullElse(actual.getMetadata().getLabels(), Map.of());
        return controller
                .map(each -> each.getUid().equals(cluster.getMetadata().getUid()))
                .orElseGet(() -> cluster.getMetadata().getName().equals(labels.get(ObjectNames.CLUSTER_LABEL)));
    }

    private static Optional<OwnerReference> controller(HasMetadata object) {
        return object.getMetadata().getOwnerReferences().stream()
                .filter(each -> Boolean.TRUE.equals(each.getController()))
                .findFirst();
    }

    private static <R extends HasMetadata> Optional<? extends HasMetadata> cached(
            R desired, Context<KVCluster> context) {
        String name = desired.getMetadata().getName();
        return context.getSecondaryResources(desired.getClass()).stream()
                .filter(each -> name.equals(each.getMetadata().getName()))
                .findFirst();
    }

    /** So that the next pass, which may come before the watch, does not do the same again. */
    @SuppressWarnings("unchecked")
    private static <R extends HasMetadata> void remember(
            R applied, @Nullable HasMetadata before, Context<KVCluster> context) {
        var source = context.eventSourceRetriever().getEventSourceFor((Class<R>) applied.getClass());
        if (source instanceof InformerEventSource<?, ?> informer) {
            var typed = (InformerEventSource<R, KVCluster>) informer;
            if (before == null) {
                typed.handleRecentResourceCreate(ResourceID.fromResource(applied), applied);
            } else {
                typed.handleRecentResourceUpdate(ResourceID.fromResource(applied), applied, (R) before);
            }
        }
    }

    private void count(String what) {
        metrics.counter("kvstore.operator.writes", "what", what).increment();
    }

    /**
     * Deletes the StatefulSet, and with it the pods, which stop in order. One that has lost its labels by hand is in no cache,
     * and pods that were orphaned go with nobody; both would hold the cluster for ever.
     */
    void deleteNodes(KVCluster cluster) {
        ObjectNames names = ObjectNames.of(cluster);
        StatefulSet set = client.apps()
                .statefulSets()
                .inNamespace(names.namespace())
                .withName(names.nodes())
                .get();
        if (set != null && isOurs(set, cluster) && !isLeaving(set)) {
            client.resource(set)
                    .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                    .delete();
        }
        pods(names).stream()
                .filter(each -> controller(each).isEmpty() && !isLeaving(each))
                .forEach(each -> client.resource(each).delete());
    }

    /** Pods that are still there. */
    List<Pod> pods(ObjectNames names) {
        return client
                .pods()
                .inNamespace(names.namespace())
                .withLabel(ObjectNames.CLUSTER_LABEL, names.cluster())
                .list()
                .getItems()
                .stream()
                .filter(each ->
                        names.ordinalOfMember(each.getMetadata().getName()).isPresent())
                .toList();
    }

    /** Deletes all volume claims. */
    void deleteClaims(KVCluster cluster, Context<KVCluster> context) {
        ObjectNames names = ObjectNames.of(cluster);
        context.getSecondaryResourcesAsStream(PersistentVolumeClaim.class)
                .filter(each ->
                        names.ordinalOfClaim(each.getMetadata().getName()).isPresent())
                .forEach(each -> client.resource(each).delete());
    }

    /** Deletes what else belongs to a cluster: Kubernetes would do it too, but only after the cluster is gone. */
    void deleteTheRest(KVCluster cluster, Context<KVCluster> context, boolean budgetServed) {
        for (Class<? extends HasMetadata> kind : Sources.owned(budgetServed)) {
            context.getSecondaryResources(kind).stream()
                    .filter(each -> isOwner(cluster, each))
                    .forEach(each -> client.resource(each).delete());
        }
    }

    private static boolean isOwner(KVCluster cluster, HasMetadata object) {
        return object.getMetadata().getOwnerReferences().stream()
                .anyMatch(each -> each.getUid().equals(cluster.getMetadata().getUid()));
    }
}
