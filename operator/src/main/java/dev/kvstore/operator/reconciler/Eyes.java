package dev.kvstore.operator.reconciler;

import dev.kvstore.operator.api.KVCluster;
import dev.kvstore.operator.observed.Machine;
import dev.kvstore.operator.observed.Node;
import dev.kvstore.operator.observed.Observed;
import dev.kvstore.operator.resources.ObjectNames;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.net.HttpURLConnection;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at a cluster: from the caches of the watches, or at what the API server has at this moment. */
final class Eyes {
    private final KubernetesClient client;
    private final Machines machines;

    Eyes(KubernetesClient client) {
        this.client = client;
        this.machines = new Machines(client);
    }

    Observed cached(KVCluster cluster, Context<KVCluster> context) {
        Set<Pod> pods = context.getSecondaryResources(Pod.class);
        return Observed.of(
                cluster,
                sets(cluster, context),
                pods,
                context.getSecondaryResources(PersistentVolumeClaim.class),
                context.getSecondaryResources(ConfigMap.class),
                context.getSecondaryResources(Lease.class),
                context.getSecondaryResources(ServiceAccount.class),
                machinesOf(pods));
    }

    /** One that has lost its labels by hand is in no cache, and is there all the same. */
    private Collection<StatefulSet> sets(KVCluster cluster, Context<KVCluster> context) {
        Set<StatefulSet> cached = context.getSecondaryResources(StatefulSet.class);
        if (!cached.isEmpty()) {
            return cached;
        }
        ObjectNames names = ObjectNames.of(cluster);
        StatefulSet live = client.apps()
                .statefulSets()
                .inNamespace(names.namespace())
                .withName(names.nodes())
                .get();
        return live == null ? Set.of() : Set.of(live);
    }

    /** Without volumes and machines, which have no say in restarts. */
    Observed live(KVCluster cluster) {
        ObjectNames names = ObjectNames.of(cluster);
        return Observed.of(
                cluster,
                list(client.apps().statefulSets(), names),
                list(client.pods(), names),
                List.of(),
                list(client.configMaps(), names),
                list(client.leases(), names),
                list(client.serviceAccounts(), names),
                Map.of());
    }

    private static <T extends HasMetadata, L extends KubernetesResourceList<T>> List<T> list(
            MixedOperation<T, L, ?> of, ObjectNames names) {
        return of.inNamespace(names.namespace())
                .withLabel(ObjectNames.CLUSTER_LABEL, names.cluster())
                .list()
                .getItems();
    }

    private Map<String, Machine> machinesOf(Collection<Pod> pods) {
        return machines.of(pods.stream().map(Node::new).toList());
    }

    /**
     * The StorageClass that an order is about; null when there is none of that name. It is asked for only before the first
     * volume is made and when volumes are to grow.
     */
    @Nullable
    StorageClass storageClass(Observed observed) {
        String wanted = observed.spec().storage().size();
        if (VolumeOrder.template(observed)
                .filter(each -> isSize(wanted, VolumeOrder.size(each)))
                .isPresent()) {
            return null;
        }
        String name = observed.spec().storage().storageClassName();
        if (name == null) {
            // where none is named, the API server has written the default one into the claims
            name = observed.claims().stream()
                    .map(each -> each.getSpec().getStorageClassName())
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(null);
        }
        try {
            return name == null
                    ? null
                    : client.storage().v1().storageClasses().withName(name).get();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
                throw e;
            }
            // may not look: the API server itself will say no
            return new StorageClassBuilder().withAllowVolumeExpansion(true).build();
        }
    }

    private static boolean isSize(String text, Quantity size) {
        try {
            return new Quantity(text).getNumericalAmount().compareTo(size.getNumericalAmount()) == 0;
        } catch (RuntimeException e) {
            // not a quantity: the check of the order says so
            return true;
        }
    }
}
