package dev.kvstore.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kvstore.testkit.load.KvClient;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What three nodes without clients and their operator cost: requests to the API server, and memory in their containers. */
@OnKubernetes
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class FootprintIT {
    private static final int MOST_REQUESTS_A_MINUTE = 300;
    private static final Duration SETTLED = Duration.ofSeconds(10);
    private static final Duration MEASURED = Duration.ofSeconds(30);
    private static final long MIB = 1 << 20;

    /** Requests that a node, and an operator, sent. */
    private static final List<String> REQUESTS =
            List.of("kvstore_coordination_requests_total", "kvstore_operator_requests_total");

    @Test
    void anIdleClusterAsksTheApiServerForLittleAndStaysWithinItsMemory() throws Exception {
        KvCluster cluster = SharedCluster.ready();
        TimeUnit.NANOSECONDS.sleep(SETTLED.toNanos());
        Map<String, JsonNode> pods = pods(cluster);
        Map<String, Double> before = requests(pods);
        TimeUnit.NANOSECONDS.sleep(MEASURED.toNanos());
        Map<String, Double> asked = requests(pods);
        before.forEach((pod, count) -> asked.merge(pod, -count, Double::sum));
        double perMinute = 60.0 / MEASURED.toSeconds();
        asked.replaceAll((_, count) -> count * perMinute);
        double all = asked.values().stream().mapToDouble(Double::doubleValue).sum();
        System.out.printf("measured: requests to the API server in a minute without clients: %.0f, %s%n", all, asked);
        // a node that does not lead may have nothing to ask for
        assertThat(asked).hasSize(SharedCluster.MEMBERS + 1);
        assertThat(all).isPositive().isLessThan(MOST_REQUESTS_A_MINUTE);

        for (Map.Entry<String, JsonNode> pod : pods.entrySet()) {
            PodProcess.Memory memory = PodProcess.of(pod.getValue()).memory();
            System.out.printf(
                    "measured: memory of idle %s: %d MiB in use in its container, %d MiB resident in its process%n",
                    pod.getKey(), memory.inUseBytes() / MIB, memory.residentBytes() / MIB);
            assertThat(memory.inUseBytes()).as(pod.getKey()).isBetween(MIB, limit(pod.getValue()));
        }
    }

    /** The nodes' pods and the operator's, by name. */
    private static Map<String, JsonNode> pods(KvCluster cluster) {
        Map<String, JsonNode> pods = new TreeMap<>();
        List<JsonNode> found = new ArrayList<>();
        cluster.pods().forEach(found::add);
        Kubectl.get("pods", "-n", Operator.NAMESPACE, "-l", Operator.LABEL)
                .path("items")
                .forEach(found::add);
        found.stream()
                .filter(KvCluster::ready)
                .forEach(pod -> pods.put(pod.path("metadata").path("name").asText(), pod));
        return pods;
    }

    private static Map<String, Double> requests(Map<String, JsonNode> pods) throws IOException, InterruptedException {
        Map<String, Double> requests = new TreeMap<>();
        try (KvClient http = new KvClient(Duration.ofSeconds(10))) {
            for (Map.Entry<String, JsonNode> pod : pods.entrySet()) {
                URI url = URI.create(
                        "http://" + pod.getValue().path("status").path("podIP").asText() + ":8080");
                double sum = http.getPath(url, "/q/metrics")
                        .body()
                        .name()
                        .lines()
                        .filter(line -> REQUESTS.stream().anyMatch(line::startsWith))
                        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                        .sum();
                requests.put(pod.getKey(), sum);
            }
        }
        return requests;
    }

    /** The limit of memory of a pod's one container, in bytes: the chart's and the operator's are in mebibytes or gibibytes. */
    private static long limit(JsonNode pod) {
        String limit = pod.path("spec")
                .path("containers")
                .path(0)
                .path("resources")
                .path("limits")
                .path("memory")
                .asText();
        long number = Long.parseLong(limit.replaceAll("\\D", ""));
        return limit.endsWith("Gi") ? number * 1024 * MIB : number * MIB;
    }
}
