package dev.kvstore.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.e2e.SteadyLoad;
import dev.kvstore.testkit.load.KvClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
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
    private static final int MEMBERS = SharedCluster.MEMBERS;
    private static final Duration ROLL = Duration.ofMinutes(6);

    private final KvClient http = new KvClient(Duration.ofSeconds(5));
    private KvCluster cluster;

    @BeforeAll
    void create() throws Exception {
        cluster = SharedCluster.ready();
    }

    @AfterAll
    void close() {
        http.close();
    }

    @AfterEach
    void everythingIsThereAndInSync() throws Exception {
        cluster.awaitWhole(MEMBERS);
        cluster.awaitInSync(http, MEMBERS);
    }

    @Test
    void whileTheClusterGrowsAndShrinks() throws Exception {
        try (SteadyLoad load = SteadyLoad.start("scale", List.of(cluster.url()))) {
            long startNs = System.nanoTime();
            Kubectl.run("scale", "kvcluster", "demo", "-n", cluster.namespace(), "--replicas", "5");
            cluster.awaitWhole(5);
            System.out.printf("measured: from 3 to 5 nodes: %.1f s%n", (System.nanoTime() - startNs) / 1e9);
            startNs = System.nanoTime();
            Kubectl.run("scale", "kvcluster", "demo", "-n", cluster.namespace(), "--replicas", "3");
            cluster.awaitWhole(MEMBERS);
            System.out.printf("measured: from 5 to 3 nodes: %.1f s%n", (System.nanoTime() - startNs) / 1e9);
            load.stopWithoutFailure();
        }
    }

    @Test
    void whileTheReplicationFactorChanges() throws Exception {
        try (SteadyLoad load = SteadyLoad.start("factor", List.of(cluster.url()))) {
            cluster.patch("{\"spec\": {\"replicationFactor\": 3}}");
            cluster.awaitWhole(MEMBERS);
            cluster.patch("{\"spec\": {\"replicationFactor\": 2}}");
            cluster.awaitWhole(MEMBERS);
            load.stopWithoutFailure();
        }
    }

    @Test
    void whileThePodsAreRolled() throws Exception {
        Map<String, String> before = new TreeMap<>(cluster.uids());
        try (SteadyLoad load = SteadyLoad.start("roll", List.of(cluster.url()))) {
            long startNs = System.nanoTime();
            cluster.patch("{\"spec\": {\"pod\": {\"annotations\": {\"rolled\": \"%d\"}}}}".formatted(startNs));
            cluster.awaitReplaced(before, ROLL);
            cluster.awaitWhole(MEMBERS);
            System.out.printf("measured: roll of three pods: %.1f s%n", (System.nanoTime() - startNs) / 1e9);
            load.stopWithoutFailure();
        }
    }

    @Test
    void whileEachPodIsDeleted() throws Exception {
        Map<String, String> before = new TreeMap<>(cluster.uids());
        try (SteadyLoad load = SteadyLoad.start("delete", List.of(cluster.url()))) {
            for (String pod : before.keySet()) {
                Kubectl.run("delete", "pod", pod, "-n", cluster.namespace());
                cluster.awaitReplaced(Map.of(pod, before.get(pod)), ROLL);
                cluster.awaitWhole(MEMBERS);
            }
            load.stopWithoutFailure();
        }
        assertThat(cluster.uids()).hasSize(MEMBERS);
    }
}
