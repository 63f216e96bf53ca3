package dev.kvstore.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kvstore.testkit.history.History;
import dev.kvstore.testkit.history.LiveRecorder;
import dev.kvstore.testkit.history.Outcome;
import dev.kvstore.testkit.linearizability.FinalScan;
import dev.kvstore.testkit.load.Bytes;
import dev.kvstore.testkit.load.KvClient;
import dev.kvstore.testkit.load.OperationMix;
import dev.kvstore.testkit.load.Workload;
import dev.kvstore.testkit.process.LocalCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The scenarios of a local cluster, with real processes, real disks and {@code kill -9}. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Order(Local.LONG)
class LocalClusterIT {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration RECOVERY = Duration.ofSeconds(60);

    @TempDir
    private Path directory = Path.of("");

    /** One cluster through the four scenarios, since each goes on where the one before ended. */
    @Test
    void keysSurviveTheLossAndReturnOfEveryNodeInTurn() throws Exception {
        try (LocalCluster cluster = Local.threeNodes(directory);
                KvClient http = new KvClient(Duration.ofSeconds(10))) {
            cluster.startAll();
            cluster.awaitReady(START);
            cluster.awaitInSync(START);

            // 1: five keys, spread over the nodes with their copies
            Map<String, String> keys = new LinkedHashMap<>();
            for (int i = 1; i <= 5; i++) {
                keys.put("user" + i, "value" + i);
                Local.put(http, cluster.baseUrls().get(i % 3), "user" + i, "value" + i);
            }
            for (JsonNode member : cluster.status("node1").path("members")) {
                assertThat(member.path("state").asText()).isEqualTo("up");
                assertThat(member.path("primaries").asInt()).isBetween(1, 127);
                assertThat(member.path("replicas").asInt()).isBetween(1, 127);
            }
            for (String key : keys.keySet()) {
                JsonNode place = http.getPath(cluster.baseUrl("node2"), "/v1/cluster/locate/" + key)
                        .json();
                assertThat(place.path("inSync")).hasSize(2);
            }

            // 2: every key through every node
            expectAll(http, cluster, keys);

            // 3: the leader dies
            String leader = Local.leader(cluster, "node1");
            cluster.kill(leader);
            Local.awaitOtherLeader(cluster, leader, RECOVERY);
            keys.put("after", "the leader's death");
            Local.put(http, cluster.baseUrl(cluster.running().getFirst()), "after", "the leader's death");
            expectAll(http, cluster, keys);

            // 4: it comes back as a follower and catches up; then each other node dies and comes back in turn
            cluster.start(leader);
            cluster.awaitReady(START);
            cluster.awaitInSync(RECOVERY);
            assertThat(Local.leader(cluster, leader)).isNotEqualTo(leader);
            for (String other : cluster.names()) {
                if (!other.equals(leader)) {
                    cluster.kill(other);
                    expectAll(http, cluster, keys);
                    cluster.start(other);
                    cluster.awaitReady(START);
                    cluster.awaitInSync(RECOVERY);
                }
            }
            expectAll(http, cluster, keys);
        }
    }

    private static void expectAll(KvClient http, LocalCluster cluster, Map<String, String> keys) throws Exception {
        for (String node : cluster.running()) {
            for (Map.Entry<String, String> each : keys.entrySet()) {
                Local.expect(http, cluster.baseUrl(node), each.getKey(), each.getValue());
            }
        }
    }

    @Test
    void concurrentClientsSeeALinearizableStoreWhileNodesAreKilled() throws Exception {
        long seed = 4711;
        Random random = new Random(seed);
        try (LocalCluster cluster = Local.threeNodes(directory);
                KvClient http = new KvClient(Duration.ofSeconds(10))) {
            cluster.startAll();
            cluster.awaitReady(START);
            cluster.awaitInSync(START);
            List<String> keys = IntStream.range(0, 12).mapToObj(i -> "key" + i).toList();
            LiveRecorder recorder = new LiveRecorder(System::nanoTime, 100_000);
            Workload load = Workload.start(
                    new Workload.Plan(
                            seed,
                            8,
                            keys,
                            cluster.baseUrls(),
                            OperationMix.VARIED,
                            2_000,
                            90_000,
                            Duration.ofMinutes(3),
                            Duration.ofMillis(40)),
                    http,
                    recorder);
            List<String> names = new ArrayList<>(cluster.names());
            for (int round = 0; round < 5; round++) {
                String victim = names.get(random.nextInt(names.size()));
                cluster.kill(victim);
                TimeUnit.MILLISECONDS.sleep(random.nextInt(3_000));
                cluster.start(victim);
                cluster.awaitReady(START);
                cluster.awaitInSync(RECOVERY);
                Local.awaitAnswers(recorder, 200);
            }
            load.stopAndJoin(Duration.ofSeconds(30));
            long scanNs = recorder.nowNs();
            Map<String, Outcome.Value> found = http.scan(cluster.baseUrl("node1"), Bytes.of(""));
            History history = FinalScan.append(recorder.history(), found, scanNs, recorder.nowNs());
            Local.assertLinearizable(history, Path.of("target", "histories", "kills.jsonl"));
        }
    }

    @Test
    void everyAcknowledgedWriteIsThereAfterAllNodesWereKilledAtOnce() throws Exception {
        try (LocalCluster cluster = Local.threeNodes(directory);
                KvClient http = new KvClient(Duration.ofSeconds(10))) {
            cluster.startAll();
            cluster.awaitReady(START);
            cluster.awaitInSync(START);
            List<String> keys = IntStream.range(0, 200).mapToObj(i -> "key" + i).toList();
            LiveRecorder recorder = new LiveRecorder(System::nanoTime, 100_000);
            Workload load = Workload.start(
                    new Workload.Plan(
                            7,
                            8,
                            keys,
                            cluster.baseUrls(),
                            OperationMix.READS_AND_WRITES,
                            0,
                            5_000,
                            Duration.ofSeconds(5),
                            Duration.ZERO),
                    http,
                    recorder);
            TimeUnit.SECONDS.sleep(3);
            for (String name : cluster.names()) {
                cluster.kill(name);
            }
            load.stopAndJoin(Duration.ofSeconds(30));
            cluster.startAll();
            cluster.awaitReady(START);
            cluster.awaitInSync(RECOVERY);
            long scanNs = recorder.nowNs();
            Map<String, Outcome.Value> found = http.scan(cluster.baseUrl("node3"), Bytes.of(""));
            History history = FinalScan.append(recorder.history(), found, scanNs, recorder.nowNs());
            Local.assertLinearizable(history, Path.of("target", "histories", "all-killed.jsonl"));
            assertThat(found).isNotEmpty();
        }
    }
}
