package dev.kvstore.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kvstore.e2e.chart.Command;
import dev.kvstore.testkit.load.KvClient;
import dev.kvstore.testkit.process.Await;
import dev.kvstore.testkit.process.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a platform engineer types, from the first KVCluster to its end, as the README has it. */
@OnKubernetes
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class WalkthroughIT {
    private static final String NAMESPACE = "e2e-walkthrough";
    private static final Duration GONE = Duration.ofSeconds(90);

    @TempDir
    private Path directory = Path.of("");

    @Test
    void aClusterIsMadeUsedScaledDeletedAndMadeAgainOverItsVolumes() throws Exception {
        Kubectl.run("create", "namespace", NAMESPACE);
        try (KvClient http = new KvClient(Duration.ofSeconds(5))) {
            long startNs = System.nanoTime();
            KvCluster cluster = KvCluster.sample(NAMESPACE);
            kubectl("wait", "kvcluster/demo", "--for=condition=Ready", "--timeout=180s");
            System.out.printf("measured: from apply to Ready: %.1f s%n", (System.nanoTime() - startNs) / 1e9);

            assertThat(kubectl("get", "kvclusters").lines().toList().getFirst().split("\\s+"))
                    .startsWith("NAME", "READY", "LEADER", "PHASE", "AGE");
            List<String> keys = cluster.keyOfEachPartition(http);
            assertThat(keys).hasSize(128);
            throughPortForward(keys, "put", "get");

            JsonNode status = cluster.awaitReady(3).path("status");
            assertThat(status.path("leader").asText())
                    .isEqualTo(cluster.leaseHolder())
                    .startsWith("demo-");
            assertThat(kubectl("get", "kv").lines().toList().get(1).split("\\s+"))
                    .startsWith("demo", "3/3", status.path("leader").asText());

            kubectl("scale", "kvcluster", "demo", "--replicas", "5");
            cluster.awaitReady(5);
            kubectl("scale", "kvcluster", "demo", "--replicas", "3");
            cluster.awaitReady(3);
            String before = cluster.uids().get("demo-0");
            kubectl("delete", "pod", "demo-0");
            cluster.awaitReady(3);
            assertThat(cluster.uids().get("demo-0")).isNotEqualTo(before);
            throughPortForward(keys, "get");

            kubectl("delete", "kvcluster", "demo");
            awaitNothingOwned();
            assertThat(Kubectl.get("pvc", "-n", NAMESPACE).path("items")).hasSize(3);

            KvCluster again = KvCluster.sample(NAMESPACE);
            again.awaitReady(3);
            throughPortForward(keys, "get");

            again.patch("{\"spec\": {\"storage\": {\"whenDeleted\": \"Delete\"}}}");
            kubectl("delete", "kvcluster", "demo");
            awaitNothingOwned();
            Kubectl.awaitNone(GONE, "pvc", "-n", NAMESPACE);
        } finally {
            Kubectl.run("delete", "kvcluster", "--all", "-n", NAMESPACE, "--ignore-not-found", "--timeout=90s");
            Kubectl.run("delete", "namespace", NAMESPACE, "--timeout=120s");
        }
    }

    private static void awaitNothingOwned() throws Exception {
        for (String kind : OwnedObjects.served()) {
            Kubectl.awaitNone(GONE, kind, "-n", NAMESPACE, "-l", "kvstore.dev/cluster=" + KvCluster.NAME);
        }
    }

    /** Puts or gets each key with curl, as through the laptop of whoever looks after the cluster. */
    private void throughPortForward(List<String> keys, String... steps) throws Exception {
        int port = FreePorts.withOffset(0);
        Process forward = new ProcessBuilder("kubectl", "port-forward", "-n", NAMESPACE, "svc/demo", port + ":8080")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("forward.log").toFile())
                .start();
        try {
            Await.until(
                    "port-forward",
                    Duration.ofSeconds(30),
                    () -> {
                        TimeUnit.MILLISECONDS.sleep(200);
                        return log().contains("Forwarding");
                    },
                    this::log);
            for (String step : steps) {
                StringBuilder calls = new StringBuilder();
                for (String key : keys) {
                    calls.append(calls.isEmpty() ? "" : "next\n")
                            .append("url = \"http://localhost:%d/v1/keys/%s\"\n".formatted(port, key))
                            .append("fail\nsilent\nshow-error\n")
                            .append(step.equals("put") ? "request = PUT\ndata = \"of %s\"\n".formatted(key) : "")
                            .append("write-out = \"\\n\"\n");
                }
                Path config = Files.writeString(directory.resolve(step), calls);
                String answers = Command.run(
                                Duration.ofSeconds(60), "", List.of("curl", "--fail-early", "-K", config.toString()))
                        .succeeded();
                if (step.equals("get")) {
                    assertThat(answers.strip().lines())
                            .containsExactlyElementsOf(
                                    keys.stream().map(key -> "of " + key).toList());
                }
            }
        } finally {
            forward.destroy();
            assertThat(forward.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private String log() {
        try {
            return Files.readString(directory.resolve("forward.log"));
        } catch (IOException notYet) {
            return "";
        }
    }

    private static String kubectl(String... arguments) {
        String[] command = new String[arguments.length + 2];
        command[0] = "-n";
        command[1] = NAMESPACE;
        System.arraycopy(arguments, 0, command, 2, arguments.length);
        return Kubectl.run(command);
    }
}
