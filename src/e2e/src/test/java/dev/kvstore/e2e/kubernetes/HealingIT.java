package dev.kvstore.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kvstore.e2e.FilledKeys;
import dev.kvstore.e2e.SteadyLoad;
import dev.kvstore.testkit.load.KvClient;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What heals alone, while clients write and read: nothing that was acknowledged is lost, and all copies come back. */
@OnKubernetes
@Tag("under-load")
@Timeout(value = 8, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HealingIT {
    private static final int MEMBERS = SharedCluster.MEMBERS;
    private static final FilledKeys KEYS = new FilledKeys("healing-", 2_000);

    /** Three probes that fail, ten seconds apart, and the minute that a container is given to end. */
    private static final Duration HUNG = Duration.ofMinutes(4);

    private static final Duration REPLACED = Duration.ofMinutes(3);

    private final KvClient http = new KvClient(Duration.ofSeconds(5));
    private KvCluster cluster;

    @BeforeAll
    void create() throws Exception {
        cluster = SharedCluster.ready();
        KEYS.fill(http, List.of(cluster.url()));
    }

    @AfterAll
    void close() {
        http.close();
    }

    @AfterEach
    void everythingIsThereAndInSync() throws Exception {
        cluster.awaitWhole(MEMBERS);
        KEYS.verify(http, cluster.url());
    }

    @Test
    void aPodThatHangsIsStartedAgain() throws Exception {
        JsonNode before = cluster.pod("demo-1");
        PodProcess process = PodProcess.of(before);
        try (SteadyLoad load = SteadyLoad.start("hang", List.of(cluster.url()))) {
            process.signal("STOP");
            JsonNode after = Kubectl.await(
                    "demo-1 is started again",
                    HUNG,
                    pod -> KvCluster.ready(pod) && restarts(pod) > restarts(before),
                    "pod",
                    "demo-1",
                    "-n",
                    cluster.namespace());
            assertThat(after.at("/metadata/uid")).as("the pod is the same").isEqualTo(before.at("/metadata/uid"));
            cluster.awaitWhole(MEMBERS);
            load.stopAndCheck();
        }
    }

    private static int restarts(JsonNode pod) {
        return pod.at("/status/containerStatuses/0/restartCount").asInt();
    }

    @Test
    void allPodsThatAreKilledAtOnceComeBackWithEverything() throws Exception {
        Map<String, String> before = cluster.uids();
        // to the pods themselves: where a Service without any leads to is up to the network
        try (SteadyLoad load = SteadyLoad.start("all", addresses())) {
            TimeUnit.SECONDS.sleep(2);
            // so that none has time to say farewell, or to write down what it had only in memory
            for (JsonNode pod : cluster.pods()) {
                PodProcess.of(pod).kill();
            }
            Kubectl.run(
                    "delete",
                    "pods",
                    "-n",
                    cluster.namespace(),
                    "-l",
                    "kvstore.dev/cluster=" + KvCluster.NAME,
                    "--grace-period=0",
                    "--force");
            cluster.awaitReplaced(before, REPLACED);
            cluster.awaitWhole(MEMBERS);
            load.to(addresses());
            TimeUnit.SECONDS.sleep(2);
            load.stopAndCheck();
        }
    }

    private List<URI> addresses() {
        return List.copyOf(cluster.readyPods().values());
    }

    @Test
    void aVolumeThatIsLostIsFilledFromTheOthers() throws Exception {
        Map<String, String> stores = stores();
        try (SteadyLoad load = SteadyLoad.start("volume", List.of(cluster.url()))) {
            String claim = uid("pvc/data-demo-2");
            Kubectl.run("delete", "pvc", "data-demo-2", "-n", cluster.namespace(), "--wait=false");
            Kubectl.run("delete", "pod", "demo-2", "-n", cluster.namespace());
            Kubectl.await(
                    "another claim",
                    REPLACED,
                    found -> !found.at("/metadata/uid").asText().equals(claim),
                    "pvc/data-demo-2",
                    "-n",
                    cluster.namespace());
            cluster.awaitWhole(MEMBERS);
            load.stopAndCheck();
        }
        Map<String, String> now = stores();
        assertThat(now.remove("demo-2")).isNotEqualTo(stores.remove("demo-2"));
        assertThat(now).isEqualTo(stores);
        KEYS.verifyCopies(http, Objects.requireNonNull(cluster.readyPods().get("demo-2")));
    }

    /** The ids of the members' stores, by name. */
    private Map<String, String> stores() {
        Map<String, String> stores = new TreeMap<>();
        for (JsonNode member : cluster.ring().path("members")) {
            stores.put(member.path("name").asText(), member.path("storeId").asText());
        }
        return stores;
    }

    private String uid(String object) {
        return Kubectl.get(object, "-n", cluster.namespace())
                .at("/metadata/uid")
                .asText();
    }
}
