package dev.kvstore.operator.observed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.operator.api.KVCluster;
import dev.kvstore.operator.api.KVClusterStatus;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ObservedTest {
    @Test
    void aRingThatWasPutBackByHandIsNotGoneBy() {
        assertThat(observed("id", 7).ring()).isPresent();
        assertThat(observed("id", 8).ring()).isPresent();
        assertThat(observed("id", 6).ring()).isEmpty();
    }

    @Test
    void theFirstRingOfANewClusterOverWipedDisksIsGoneBy() {
        assertThat(observed("other", 1).ring()).isPresent();
    }

    private static Observed observed(String clusterId, long version) {
        KVCluster cluster = new KVCluster();
        cluster.getMetadata().setName("demo");
        cluster.getMetadata().setNamespace("ns");
        cluster.setStatus(new KVClusterStatus(null, null, List.of(), 0, 0, null, null, null, "id", 7L, null, 0, null));
        ConfigMap map = new ConfigMapBuilder()
                .withNewMetadata()
                .withName("demo-ring")
                .endMetadata()
                .addToData(
                        "ring.json",
                        "{\"clusterId\": \"%s\", \"version\": %d, \"partitions\": [{\"epoch\": 1}]}"
                                .formatted(clusterId, version))
                .build();
        return Observed.of(cluster, List.of(), List.of(), List.of(), List.of(map), List.of(), List.of(), Map.of());
    }
}
