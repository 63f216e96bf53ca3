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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The scenarios of a local cluster, with real processes, real disks and {@code kill -9}. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Order(Local.LONG)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LocalClusterIT {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration RECOVERY = Duration.ofSeconds(60);
    private static final Duration LOAD_END = Duration.ofSeconds(30);
    private static final long SEED = 4711;

    private final KvClient http = new KvClient(Duration.ofSeconds(10));
    private LocalCluster cluster;

    @BeforeAll
    void make(@TempDir Path directory) {
        cluster = Local.threeNodes(directory);
    }

    @AfterAll
    void close() {
        cluster.close();
        http.close();
    }

    /** Three nodes in sync, whatever the test before has left. */
    @BeforeEach
    void start() throws Exception {
        cluster.startAll();
        cluster.awaitReady(START);
        cluster.awaitInSync(RECOVERY);
    }

    /** Four scenarios, since each goes on where the one before ended. */
    @Test
    void keysSurviveTheLossAndReturnOfEveryNodeInTurn() throws Exception {
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
        expectAll(keys);

        // 3: the leader dies
        String leader = Local.leader(cluster, "node1");
        cluster.kill(leader);
        Local.awaitOtherLeader(cluster, leader, RECOVERY);
        keys.put("after", "the leader's death");
        Local.put(http, cluster.baseUrl(cluster.running().getFirst()), "after", "the leader's death");
        expectAll(keys);

        // 4: it comes back as a follower and catches up; then each other node dies and comes back in turn
        start();
        assertThat(Local.leader(cluster, leader)).isNotEqualTo(leader);
        for (String other : cluster.names()) {
            if (!other.equals(leader)) {
                cluster.kill(other);
                expectAll(keys);
                start();
            }
        }
        expectAll(keys);
    }

    private void expectAll(Map<String, String> keys) throws Exception {
        for (String node : cluster.running()) {
            for (Map.Entry<String, String> each : keys.entrySet()) {
                Local.expect(http, cluster.baseUrl(node), each.getKey(), each.getValue());
            }
        }
    }

    @Test
    void concurrentClientsSeeALinearizableStoreWhileNodesAreKilled() throws Exception {
        Random random = new Random(SEED);
        List<String> keys = keys("kills-", 12);
        LiveRecorder recorder = new LiveRecorder(System::nanoTime, 100_000);
        Workload load = Workload.start(
                new Workload.Plan(
                        SEED,
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
            cluster.kill(names.get(random.nextInt(names.size())));
            TimeUnit.MILLISECONDS.sleep(random.nextInt(3_000));
            start();
            Local.awaitAnswers(recorder, 200);
        }
        load.stopAndJoin(LOAD_END);
        assertLinearizable(recorder, "node1", "kills-");
    }

    @Test
    void everyAcknowledgedWriteIsThereAfterAllNodesWereKilledAtOnce() throws Exception {
        List<String> keys = keys("all-killed-", 200);
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
        load.stopAndJoin(LOAD_END);
        start();
        assertThat(assertLinearizable(recorder, "node3", "all-killed-")).isNotEmpty();
    }

    private static List<String> keys(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }

    /** What clients saw, and what a node has of these keys at the end, which is the result. */
    private Map<String, Outcome.Value> assertLinearizable(LiveRecorder recorder, String asked, String prefix)
            throws Exception {
        long scanNs = recorder.nowNs();
        Map<String, Outcome.Value> found = http.scan(cluster.baseUrl(asked), Bytes.of(prefix));
        History history = FinalScan.append(recorder.history(), found, scanNs, recorder.nowNs());
        Local.assertLinearizable(history, Path.of("target", "histories", prefix + "history.jsonl"));
        return found;
    }
}
