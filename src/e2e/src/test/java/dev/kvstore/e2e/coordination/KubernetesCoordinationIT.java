package dev.kvstore.e2e.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kvstore.e2e.Local;
import dev.kvstore.testkit.history.Call;
import dev.kvstore.testkit.history.History;
import dev.kvstore.testkit.history.LiveRecorder;
import dev.kvstore.testkit.history.Operation;
import dev.kvstore.testkit.history.Outcome;
import dev.kvstore.testkit.load.KvClient;
import dev.kvstore.testkit.load.OperationMix;
import dev.kvstore.testkit.load.Workload;
import dev.kvstore.testkit.process.Await;
import dev.kvstore.testkit.process.LocalCluster;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three node processes that coordinate through the API server that KUBECONFIG names, in a namespace of their own, and reach it
 * over a port that can be taken away.
 */
@EnabledIfEnvironmentVariable(
        named = "KUBECONFIG",
        matches = ".+",
        disabledReason = "skipped: KUBECONFIG is not set, so there is no API server to coordinate through")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@Order(Local.LONG)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KubernetesCoordinationIT {
    private static final Duration START = Duration.ofMinutes(4);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DESIRED = """
            {"memberCount": 3, "members": {"node1": "", "node2": "", "node3": ""}, "replicationFactor": 2,
             "partitions": 16, "minInSync": 1, "replaceAfterMs": 300000}""";

    private final String namespace =
            "kvstore-it-" + UUID.randomUUID().toString().substring(0, 8);
    private final KvClient http = new KvClient(Duration.ofSeconds(10));

    private Forwarder server;
    private LocalCluster cluster;

    @BeforeAll
    void makeObjects(@TempDir Path directory) throws Exception {
        URI url = URI.create(kubectl("config", "view", "--minify", "-o", "jsonpath={.clusters[0].cluster.server}"));
        server = new Forwarder(url.getHost(), url.getPort());
        String kubeconfig = kubectl("config", "view", "--minify", "--flatten")
                .replace(url.toString(), "https://127.0.0.1:" + server.port());
        Path through = Files.writeString(directory.resolve("kubeconfig"), kubeconfig);
        kubectl("create", "namespace", namespace);
        Path lease = Files.writeString(
                directory.resolve("lease.json"),
                "{\"apiVersion\": \"coordination.k8s.io/v1\", \"kind\": \"Lease\", \"metadata\": {\"name\": \"demo-leader\"}}");
        kubectl("-n", namespace, "create", "-f", lease.toString());
        kubectl("-n", namespace, "create", "configmap", "demo-ring");
        kubectl("-n", namespace, "create", "configmap", "demo-config", "--from-literal=desired.json=" + DESIRED);
        cluster = new LocalCluster(Local.settings(directory)
                .withEnvironment(Map.of(
                        "KUBECONFIG", through.toString(),
                        "KVSTORE_KUBERNETES_NAMESPACE", namespace,
                        "KVSTORE_KUBERNETES_LEASE", "demo-leader",
                        "KVSTORE_KUBERNETES_RING", "demo-ring",
                        "KVSTORE_KUBERNETES_CONFIG", "demo-config")));
    }

    @AfterAll
    void removeObjects() throws Exception {
        cluster.close();
        http.close();
        server.close();
        kubectl("delete", "namespace", namespace, "--wait=false");
    }

    /** Three nodes in sync, whatever the test before has left. */
    @BeforeEach
    void start() throws Exception {
        cluster.startAll();
        cluster.awaitReady(START);
        cluster.awaitInSync(START);
    }

    @Test
    void aClusterElectsItsLeaderByTheLeaseAndKeepsItsRingInAConfigMap() throws Exception {
        List<String> keys = IntStream.range(0, 20).mapToObj(i -> "key" + i).toList();
        for (String key : keys) {
            Local.put(http, cluster.baseUrl("node1"), key, "value of " + key);
        }
        String leader = awaitLeader("");
        JsonNode ring = JSON.readTree(
                object("configmap", "demo-ring").at("/data/ring.json").asText());
        assertThat(ring.path("members")).hasSize(3);

        cluster.kill(leader);
        String second = awaitLeader(leader);
        for (String key : keys) {
            Local.expect(http, cluster.baseUrl(second), key, "value of " + key);
        }
        start();

        // one that is told to stop gives the Lease up
        assertThat(cluster.stop(second, Duration.ofSeconds(60))).isEqualTo(143);
        assertThat(holder()).isNotEqualTo(second);
        awaitLeader(second);
    }

    @Test
    void limitsAreTakenWithoutARestart() throws Exception {
        URI node = cluster.baseUrl("node2");
        Local.put(http, node, "key", "eleven byte");
        limits("{\"data\": {\"limits.json\": \"{\\\"maxValueBytes\\\": 10}\"}}");
        Await.until("the value refused", START, () -> isTooLarge(node), () -> "");
        Local.put(http, node, "key", "ten bytes.");
        // what is left out is as it was at the start
        limits("{\"data\": {\"limits.json\": \"{}\"}}");
        Await.until("the value taken", START, () -> !isTooLarge(node), () -> "");
    }

    private void limits(String patch) throws Exception {
        kubectl("-n", namespace, "patch", "configmap", "demo-config", "--patch", patch);
    }

    private boolean isTooLarge(URI node) throws InterruptedException {
        try {
            http.execute(node, Operation.put("key", "eleven byte"));
            return false;
        } catch (RuntimeException refused) {
            return String.valueOf(refused.getMessage()).contains("413");
        }
    }

    @Test
    void nobodyNoticesThatTheApiServerIsAwayNotEvenANodeThatStartsMeanwhile() throws Exception {
        String leader = awaitLeader("");
        LiveRecorder recorder = new LiveRecorder(System::nanoTime, 100_000);
        server.interrupt();
        Workload load = Workload.start(
                new Workload.Plan(
                        5,
                        4,
                        IntStream.range(0, 40).mapToObj(i -> "away" + i).toList(),
                        cluster.baseUrls(),
                        OperationMix.READS_AND_WRITES,
                        0,
                        50_000,
                        Duration.ofMinutes(2),
                        Duration.ofMillis(20)),
                http,
                recorder);
        Local.awaitAnswers(recorder, 500);
        // longer than a Lease is good for
        TimeUnit.SECONDS.sleep(15);
        load.stopAndJoin(Duration.ofSeconds(30));
        History history = recorder.history();
        assertThat(history.calls()).hasSizeGreaterThan(500);
        assertThat(history.calls()).allSatisfy(KubernetesCoordinationIT::assertAnswered);
        Local.assertLinearizable(history, Path.of("target", "histories", "api-server-away.jsonl"));

        // from the ring on its disk
        cluster.kill(leader);
        start();
        Local.put(http, cluster.baseUrl(leader), "after", "the restart");

        server.resume();
        awaitLeader("");
        Local.expect(http, cluster.baseUrl("node2"), "after", "the restart");
    }

    private static void assertAnswered(Call call) {
        assertThat(call.outcome()).isNotInstanceOfAny(Outcome.Refused.class, Outcome.Unknown.class);
    }

    /** The leader that the Lease and all running nodes name, once that is another than the given one. */
    private String awaitLeader(String former) throws Exception {
        Await.until(
                "Lease and nodes name one leader, and not " + former,
                START,
                () -> {
                    try {
                        String holder = holder();
                        boolean agreed = !holder.isEmpty() && !holder.equals(former);
                        for (String node : cluster.running()) {
                            agreed &= holder.equals(
                                    cluster.status(node).path("leader").asText());
                        }
                        return agreed;
                    } catch (IOException unreachable) {
                        return false;
                    }
                },
                () -> "");
        return holder();
    }

    private String holder() throws IOException, InterruptedException {
        return object("lease", "demo-leader").at("/spec/holderIdentity").asText("");
    }

    private JsonNode object(String kind, String name) throws IOException, InterruptedException {
        return JSON.readTree(kubectl("-n", namespace, "get", kind, name, "-o", "json"));
    }

    private static String kubectl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kubectl"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s:%n%s", command, output).isZero();
        return output.strip();
    }
}
