package dev.kvstore.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kvstore.e2e.SteadyLoad;
import dev.kvstore.testkit.load.KvClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** Orders that a cluster follows while clients write and read, none of whose requests may fail. */
@OnKubernetes
@Isolated("no request may fail")
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
            Kubectl.run("rollout", "restart", "statefulset/demo", "-n", cluster.namespace());
            assertRolledOneByOneTheLeaderLast(before);
            cluster.awaitWhole(MEMBERS);
            System.out.printf("measured: roll of three pods: %.1f s%n", (System.nanoTime() - startNs) / 1e9);
            load.stopWithoutFailure();
        }
    }

    private void assertRolledOneByOneTheLeaderLast(Map<String, String> before) throws Exception {
        List<String> order = new ArrayList<>();
        List<String> leaders = new ArrayList<>();
        Kubectl.await(
                "every pod is another one",
                ROLL,
                pods -> {
                    int away = MEMBERS;
                    for (JsonNode pod : pods.path("items")) {
                        String name = pod.path("metadata").path("name").asText();
                        if (KvCluster.ready(pod)) {
                            away--;
                        }
                        if (!order.contains(name)
                                && !pod.path("metadata").path("uid").asText().equals(before.get(name))) {
                            order.add(name);
                        }
                    }
                    assertThat(away).as("pods away at once").isLessThanOrEqualTo(1);
                    if (order.size() == MEMBERS - 1) {
                        leaders.add(cluster.leaseHolder());
                    }
                    return order.size() == MEMBERS;
                },
                "pods",
                "-n",
                cluster.namespace(),
                "-l",
                "kvstore.dev/cluster=demo");
        // who led when the last but one was back: the last one hands the Lease over before it is gone
        assertThat(order).endsWith(leaders.getFirst());
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
