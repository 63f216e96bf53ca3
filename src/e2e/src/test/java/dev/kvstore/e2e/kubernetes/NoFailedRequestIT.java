package dev.kvstore.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.testkit.load.KvClient;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Orders that a cluster follows while clients write and read, none of whose requests may fail. */
@OnKubernetes
@Tag("under-load")
@Timeout(value = 8, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NoFailedRequestIT {
    private static final int MEMBERS = 3;

    private final KvClient http = new KvClient(Duration.ofSeconds(5));
    private KvCluster cluster;

    @BeforeAll
    void create() throws Exception {
        cluster = KvCluster.create("e2e-no-failure", "{replicas: 3, storage: {whenDeleted: Delete}}");
        cluster.awaitReady(MEMBERS);
    }

    @AfterAll
    void delete() {
        http.close();
        cluster.close();
    }

    @Test
    void whileTheClusterGrowsAndShrinks() throws Exception {
        try (Load load = Load.start(cluster.url(), "scale")) {
            Kubectl.run("scale", "kvcluster", "demo", "-n", cluster.namespace(), "--replicas", "5");
            cluster.awaitReady(5);
            Kubectl.run("scale", "kvcluster", "demo", "-n", cluster.namespace(), "--replicas", "3");
            cluster.awaitReady(MEMBERS);
            load.stopWithoutFailure("scale");
        }
        cluster.awaitInSync(http, MEMBERS);
    }

    @Test
    void whileTheReplicationFactorChanges() throws Exception {
        try (Load load = Load.start(cluster.url(), "factor")) {
            cluster.patch("{\"spec\": {\"replicationFactor\": 3}}");
            cluster.awaitReady(MEMBERS);
            cluster.patch("{\"spec\": {\"replicationFactor\": 2}}");
            cluster.awaitReady(MEMBERS);
            load.stopWithoutFailure("factor");
        }
    }

    @Test
    void whileThePodsAreRolled() throws Exception {
        Map<String, String> before = new TreeMap<>(cluster.uids());
        try (Load load = Load.start(cluster.url(), "roll")) {
            long startNs = System.nanoTime();
            cluster.patch("{\"spec\": {\"pod\": {\"annotations\": {\"rolled\": \"%d\"}}}}".formatted(startNs));
            cluster.awaitReady(MEMBERS);
            System.out.printf("measured: roll of three pods: %.1f s%n", (System.nanoTime() - startNs) / 1e9);
            load.stopWithoutFailure("roll");
        }
        assertThat(cluster.uids())
                .hasSize(MEMBERS)
                .doesNotContainValue("")
                .allSatisfy((pod, uid) -> assertThat(uid).isNotEqualTo(before.get(pod)));
    }

    @Test
    void whileEachPodIsDeleted() throws Exception {
        try (Load load = Load.start(cluster.url(), "delete")) {
            for (String pod : cluster.uids().keySet()) {
                Kubectl.run("delete", "pod", pod, "-n", cluster.namespace());
                cluster.awaitReady(MEMBERS);
            }
            load.stopWithoutFailure("delete");
        }
    }
}
