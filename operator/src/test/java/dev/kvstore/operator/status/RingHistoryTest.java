package dev.kvstore.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RingHistoryTest {
    private static final ResourceID DEMO = new ResourceID("demo", "ns");

    private final RingHistory history = new RingHistory();

    @Test
    void aRingThatGrowsIsNoNews() {
        history.seen(map(null));
        history.seen(map(ring(1)));
        history.seen(map(ring(2)));

        assertThat(news()).isEmpty();
    }

    @Test
    void whatMembersPutRightBeforeAnybodyLooksIsTold() {
        history.seen(map(ring(7)));
        history.seen(map("not a ring"));
        history.seen(map(ring(8)));
        assertThat(news()).containsExactly("RingUnreadable", "RingRestored");

        history.seen(map(ring(5)));
        history.seen(map(ring(9)));
        assertThat(news()).containsExactly("RingWentBack", "RingRestored");

        history.gone(map(ring(9)));
        history.seen(map(null));
        history.seen(map(ring(10)));
        assertThat(news()).containsExactly("RingMissing", "RingRestored");
    }

    @Test
    void eachHarmIsToldOnce() {
        history.seen(map(ring(7)));
        history.seen(map("not a ring"));
        history.seen(map("nor this"));
        assertThat(news()).containsExactly("RingUnreadable");
        assertThat(news()).isEmpty();
    }

    @Test
    void otherConfigMapsAndDeletedClustersAreNoRings() {
        history.seen(map(ring(7)));
        ConfigMap config = map(null);
        config.getMetadata().setName("demo-config");
        history.seen(config);
        assertThat(news()).isEmpty();

        history.forget(DEMO);
        history.seen(map(ring(1)));
        assertThat(news()).isEmpty();
    }

    private List<String> news() {
        return history.news(DEMO).stream().map(Announcement::reason).toList();
    }

    private static String ring(long version) {
        return "{\"clusterId\": \"id\", \"version\": " + version
                + ", \"members\": [], \"partitions\": [{\"epoch\": 1}]}";
    }

    private static ConfigMap map(@Nullable String ring) {
        ConfigMap map = new ConfigMapBuilder()
                .withNewMetadata()
                .withName("demo-ring")
                .withNamespace("ns")
                .addToLabels("kvstore.dev/cluster", "demo")
                .endMetadata()
                .build();
        if (ring != null) {
            map.getData().put("ring.json", ring);
        }
        return map;
    }
}
