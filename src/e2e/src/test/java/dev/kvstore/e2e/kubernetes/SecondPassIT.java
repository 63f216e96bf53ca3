package dev.kvstore.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** What the operator writes when there is nothing to do. The API server counts all writes, so nobody else may send any. */
@OnKubernetes
@Isolated("counts every write to the API server")
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class SecondPassIT {
    /** What the operator makes, and nobody else writes while the cluster is left alone. */
    private static final List<String> WRITTEN = List.of(
            "statefulsets",
            "services",
            "configmaps",
            "serviceaccounts",
            "roles",
            "rolebindings",
            "poddisruptionbudgets");

    @Test
    void aSecondPassWritesNothing() throws Exception {
        KvCluster cluster = SharedCluster.ready();
        Map<String, String> versions = OwnedObjects.versions(cluster.namespace());
        Map<String, Long> writes = Writes.soFar(WRITTEN);
        Map<String, Long> statuses = Writes.soFar(List.of("kvclusters/status"));
        // two orders that change no object: each makes the operator look at everything again
        cluster.patch("{\"spec\": {\"paused\": true}}");
        cluster.awaitReady(SharedCluster.MEMBERS);
        cluster.patch("{\"spec\": {\"paused\": false}}");
        cluster.awaitReady(SharedCluster.MEMBERS);
        assertThat(Writes.soFar(WRITTEN)).as("writes, by kind").isEqualTo(writes);
        assertThat(OwnedObjects.versions(cluster.namespace())).isEqualTo(versions);
        // each pass told of the order that it had seen: the count does count
        assertThat(Writes.soFar(List.of("kvclusters/status")).get("kvclusters/status"))
                .isGreaterThanOrEqualTo(2 + statuses.getOrDefault("kvclusters/status", 0L));
    }
}
