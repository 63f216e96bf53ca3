package dev.kvstore.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kvstore.e2e.SteadyLoad;
import dev.kvstore.e2e.chart.Command;
import dev.kvstore.testkit.history.Operation;
import dev.kvstore.testkit.history.Outcome;
import dev.kvstore.testkit.load.KvClient;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** The API server away for two minutes while clients write and read, none of whose requests may fail. */
@OnKubernetes
@Isolated("takes the API server away")
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class OutageIT {
    private static final int MEMBERS = SharedCluster.MEMBERS;
    private static final Duration AWAY = Duration.ofMinutes(2);
    private static final Duration COMMAND = Duration.ofSeconds(60);

    @Test
    void withoutAnApiServerNoRequestFailsAndAKilledNodeComesBackByItself() throws Exception {
        String tool = System.getenv().getOrDefault("KVSTORE_CLUSTER_TOOL", "");
        assumeFalse(
                tool.isBlank(), "skipped: KVSTORE_CLUSTER_TOOL names no program that stops and starts the API server");
        KvCluster cluster = SharedCluster.ready();
        try (KvClient http = new KvClient(Duration.ofSeconds(1))) {
            cluster.awaitInSync(http, MEMBERS);
            Map<String, URI> pods = cluster.readyPods();
            List<String> keys = cluster.keyOfEachPartition(http);
            PodProcess victim = PodProcess.of(cluster.pod("demo-1"));
            Map<String, Integer> operators = Operator.restarts();
            URI service = cluster.url();
            try (SteadyLoad load = SteadyLoad.start("outage", List.of(service))) {
                Command.run(COMMAND, "", List.of(tool, "stop", "kube-apiserver"))
                        .succeeded();
                TimeUnit.NANOSECONDS.sleep(AWAY.toNanos());
                load.stopWithoutFailure();
                try (SteadyLoad kill = SteadyLoad.start("outage-kill", List.of(service))) {
                    killWithoutApiServer(http, victim, pods, keys);
                    kill.stopAndCheck();
                }
            } finally {
                Command.run(COMMAND, "", List.of(tool, "start", "kube-apiserver"))
                        .succeeded();
                Kubectl.awaitApiServer();
            }
            cluster.awaitInSync(http, MEMBERS);
            cluster.awaitReady(MEMBERS);
            // the operator has waited, and works again
            assertThat(Operator.restarts()).isEqualTo(operators);
            Kubectl.run("delete", "service/demo-peers", "-n", cluster.namespace());
            Kubectl.await("the Service is back", COMMAND, _ -> true, "service/demo-peers", "-n", cluster.namespace());
        }
    }

    /** A node that starts without an API server knows the ring from its disk alone; only what it holds waits for it. */
    private void killWithoutApiServer(KvClient http, PodProcess victim, Map<String, URI> pods, List<String> keys)
            throws Exception {
        List<URI> others = pods.entrySet().stream()
                .filter(pod -> !pod.getKey().equals("demo-1"))
                .map(Map.Entry::getValue)
                .toList();
        List<String> elsewhere = new ArrayList<>();
        for (String key : keys) {
            JsonNode inSync = http.getPath(others.getFirst(), "/v1/cluster/locate/" + key)
                    .json()
                    .path("inSync");
            if (!inSync.toString().contains("demo-1")) {
                elsewhere.add(key);
            }
        }
        assertThat(elsewhere).isNotEmpty().hasSizeLessThan(keys.size());
        victim.kill();
        for (String key : elsewhere) {
            assertThat(http.execute(others.getFirst(), Operation.put(key, "without demo-1")))
                    .isInstanceOfAny(Outcome.Created.class, Outcome.Replaced.class);
        }
        List<URI> demo1 = List.of(Objects.requireNonNull(pods.get("demo-1")));
        System.out.printf(
                "measured: SIGKILL without API server: the node itself writes every key after %d ms%n",
                EveryKey.writtenAfterMs(http, demo1, keys, System.nanoTime()));
    }
}
