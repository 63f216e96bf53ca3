package dev.kvstore.operator.reconciler;

import dev.kvstore.operator.api.KVCluster;
import dev.kvstore.operator.resources.ObjectNames;
import dev.kvstore.operator.status.RingHistory;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What is watched: objects that carry the operator's label. The cluster that they belong to is named by another label. */
final class Sources {
    private Sources() {}

    static List<EventSource<?, KVCluster>> of(
            EventSourceContext<KVCluster> context, boolean budgetServed, RingHistory rings) {
        List<EventSource<?, KVCluster>> sources = new ArrayList<>();
        sources.add(source(context, ServiceAccount.class, (now, before) -> true));
        sources.add(source(context, Role.class, (now, before) -> true));
        sources.add(source(context, RoleBinding.class, (now, before) -> true));
        sources.add(documents(context, rings));
        sources.add(source(context, Lease.class, Sources::isNewHolder));
        sources.add(source(context, Service.class, (now, before) -> true));
        sources.add(source(context, StatefulSet.class, (now, before) -> true));
        sources.add(source(context, Pod.class, (now, before) -> true));
        sources.add(source(context, PersistentVolumeClaim.class, (now, before) -> true));
        if (budgetServed) {
            sources.add(source(context, PodDisruptionBudget.class, Sources::isNewOrder));
        }
        return sources;
    }

    /** The kinds of objects that belong to a cluster, besides the StatefulSet and what that one makes. */
    static List<Class<? extends HasMetadata>> owned(boolean budgetServed) {
        List<Class<? extends HasMetadata>> kinds = new ArrayList<>(List.of(
                Service.class, ConfigMap.class, Lease.class, RoleBinding.class, Role.class, ServiceAccount.class));
        if (budgetServed) {
            kinds.add(PodDisruptionBudget.class);
        }
        return kinds;
    }

    private static <R extends HasMetadata> EventSource<?, KVCluster> source(
            EventSourceContext<KVCluster> context, Class<R> type, OnUpdateFilter<R> filter) {
        return new InformerEventSource<>(
                informer(type).withOnUpdateFilter(filter).build(), context);
    }

    /** The filters let everything pass; they are where each single change comes by. */
    private static EventSource<?, KVCluster> documents(EventSourceContext<KVCluster> context, RingHistory rings) {
        return new InformerEventSource<>(
                informer(ConfigMap.class)
                        .withOnAddFilter(now -> {
                            rings.seen(now);
                            return true;
                        })
                        .withOnUpdateFilter((now, before) -> {
                            rings.seen(now);
                            return true;
                        })
                        .withOnDeleteFilter((last, unknown) -> {
                            rings.gone(last);
                            return true;
                        })
                        .build(),
                context);
    }

    private static <R extends HasMetadata> InformerEventSourceConfiguration.Builder<R> informer(Class<R> type) {
        return InformerEventSourceConfiguration.from(type, KVCluster.class)
                .withNamespacesInheritedFromController()
                .withFollowControllerNamespacesChanges(true)
                .withLabelSelector(ObjectNames.MANAGED_SELECTOR)
                .withSecondaryToPrimaryMapper(Sources::clusterOf);
    }

    static Set<ResourceID> clusterOf(HasMetadata object) {
        return Optional.ofNullable(object.getMetadata().getLabels())
                .map(labels -> labels.get(ObjectNames.CLUSTER_LABEL))
                .map(cluster ->
                        Set.of(new ResourceID(cluster, object.getMetadata().getNamespace())))
                .orElse(Set.of());
    }

    /** A Lease is renewed each second; that is no news. */
    private static boolean isNewHolder(Lease now, Lease before) {
        return !Objects.equals(holder(now), holder(before)) || isNewMetadata(now, before);
    }

    private static Optional<String> holder(Lease lease) {
        return Optional.ofNullable(lease.getSpec()).map(spec -> spec.getHolderIdentity());
    }

    private static boolean isNewOrder(HasMetadata now, HasMetadata before) {
        return !Objects.equals(
                        now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
                || isNewMetadata(now, before);
    }

    private static boolean isNewMetadata(HasMetadata now, HasMetadata before) {
        Map<String, String> labels = now.getMetadata().getLabels();
        return !Objects.equals(labels, before.getMetadata().getLabels())
                || !Objects.equals(
                        now.getMetadata().getOwnerReferences(),
                        before.getMetadata().getOwnerReferences());
    }
}
