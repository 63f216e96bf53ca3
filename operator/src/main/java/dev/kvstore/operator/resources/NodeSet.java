package dev.kvstore.operator.resources;

import dev.kvstore.operator.api.StorageSpec;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.List;
import java.util.Map;

/** The nodes: parallel, because the first ring needs them all, and never restarted by Kubernetes' own order. */
final class NodeSet {
    private NodeSet() {}

    static StatefulSet of(Wanted wanted) {
        ObjectNames names = wanted.names();
        ObjectMeta metadata = ObjectNames.metadata(wanted.cluster(), names.nodes());
        metadata.setAnnotations(wanted.rendered().annotations());
        return new StatefulSetBuilder()
                .withMetadata(metadata)
                .withNewSpec()
                .withReplicas(wanted.pods())
                .withServiceName(names.peers())
                .withPodManagementPolicy("Parallel")
                .withNewUpdateStrategy()
                .withType("OnDelete")
                .endUpdateStrategy()
                .withNewSelector()
                .withMatchLabels(names.selector())
                .endSelector()
                .withTemplate(wanted.rendered().template())
                .withVolumeClaimTemplates(
                        wanted.claims().isEmpty()
                                ? List.of(claim(names, wanted.spec().storage()))
                                : wanted.claims())
                .endSpec()
                .build();
    }

    private static PersistentVolumeClaim claim(ObjectNames names, StorageSpec storage) {
        return new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName(ObjectNames.DATA)
                .withLabels(names.labels())
                .endMetadata()
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withStorageClassName(storage.storageClassName())
                .withNewResources()
                .withRequests(Map.of("storage", new Quantity(storage.size())))
                .endResources()
                .endSpec()
                .build();
    }
}
