package dev.kvstore.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kvstore.e2e.FilledKeys;
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
import org.junit.jupiter.api.Tag;
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
    private static final FilledKeys KEYS = new FilledKeys("filled-", FilledKeys.asGiven(2_000));
    private static final Duration ROLL = Duration.ofMinutes(6);

    private final KvClient http = new KvClient(Duration.ofSeconds(5));
    private KvCluster cluster;

    @BeforeAll
    void create() throws Exception {
        cluster = SharedCluster.ready();
        KEYS.fill(http, List.of(cluster.url()));
    }

    @AfterEach
    void everythingIsInSync() throws Exception {
        cluster.awaitWhole(MEMBERS);
    }

    @AfterAll
    void everythingIsThere() throws Exception {
        try (http) {
            KEYS.verify(http, cluster.url());
        }
    }

    @Test
    @Tag("under-load")
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
    @Tag("under-load")
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
        // another template, and the restart that a user asks kubectl for: while the cluster is paused, no pod follows
        // either
        String note = String.valueOf(System.nanoTime());
        cluster.patch("{\"spec\": {\"paused\": true, \"pod\": {\"annotations\": {\"note\": \"%s\"}}}}".formatted(note));
        Kubectl.await(
                "the StatefulSet's template is another one",
                ROLL,
                set -> set.at("/spec/template/metadata/annotations/note")
                        .asText()
                        .equals(note),
                "statefulset/demo",
                "-n",
                cluster.namespace());
        Kubectl.run("rollout", "restart", "statefulset/demo", "-n", cluster.namespace());
        cluster.awaitStatus("paused", ROLL, NoFailedRequestIT::isPaused);
        assertThat(cluster.uids()).isEqualTo(before);

        try (SteadyLoad load = SteadyLoad.start("roll", List.of(cluster.url()))) {
            long startNs = System.nanoTime();
            cluster.patch("{\"spec\": {\"paused\": false}}");
            assertRolledOneByOneTheLeaderLast(before);
            cluster.awaitWhole(MEMBERS);
            System.out.printf("measured: roll of three pods: %.1f s%n", (System.nanoTime() - startNs) / 1e9);
            load.stopWithoutFailure();
        }
        for (JsonNode pod : cluster.pods()) {
            JsonNode annotations = pod.path("metadata").path("annotations");
            assertThat(annotations.path("note").asText()).isEqualTo(note);
            assertThat(annotations.has("kubectl.kubernetes.io/restartedAt")).isTrue();
        }
    }

    private static boolean isPaused(JsonNode resource) {
        return KvCluster.condition(resource, "Progressing")
                .path("reason")
                .asText()
                .equals("Paused");
    }

    private void assertRolledOneByOneTheLeaderLast(Map<String, String> before) throws Exception {
        List<String> order = new ArrayList<>();
        List<String> leaders = new ArrayList<>();
        Kubectl.awaitList(
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
    @Tag("under-load")
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
