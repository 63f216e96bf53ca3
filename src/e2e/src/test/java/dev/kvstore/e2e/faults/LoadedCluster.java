package dev.kvstore.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kvstore.e2e.Local;
import dev.kvstore.testkit.history.History;
import dev.kvstore.testkit.history.LiveRecorder;
import dev.kvstore.testkit.history.Operation;
import dev.kvstore.testkit.history.Outcome;
import dev.kvstore.testkit.linearizability.FinalScan;
import dev.kvstore.testkit.load.Bytes;
import dev.kvstore.testkit.load.KvClient;
import dev.kvstore.testkit.load.OperationMix;
import dev.kvstore.testkit.load.Workload;
import dev.kvstore.testkit.process.Await;
import dev.kvstore.testkit.process.LocalCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/**
 * A cluster under load. At the end every node must hold every key, and what the clients saw must be the history of one
 * linearizable store. Whoever made the cluster closes it; several loads may follow each other on one.
 */
final class LoadedCluster implements AutoCloseable {
    static final Duration RECOVERY = Duration.ofMinutes(3);

    private static final int CLIENTS = 6;
    private static final int KEYS = 30;
    private static final int LEAST_CALLS = 100;
    private static final int TTL_MS = 2_000;
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(6);
    private static final Duration LOAD_END = Duration.ofSeconds(30);

    private final LocalCluster cluster;
    private final KvClient http = new KvClient(CALL_TIMEOUT);
    private final String name;
    private final LiveRecorder recorder;
    private final Workload load;

    private LoadedCluster(LocalCluster cluster, String name, long seed, Duration longest, Duration pause) {
        this.cluster = cluster;
        this.name = name;
        int maxCalls = (int) Math.min(2_000_000, CLIENTS * longest.dividedBy(pause));
        this.recorder = new LiveRecorder(System::nanoTime, maxCalls + CLIENTS);
        this.load = Workload.start(
                new Workload.Plan(
                        seed,
                        CLIENTS,
                        IntStream.range(0, KEYS)
                                .mapToObj(i -> name + "-key" + i)
                                .toList(),
                        cluster.baseUrls(),
                        OperationMix.VARIED,
                        TTL_MS,
                        maxCalls,
                        longest,
                        pause),
                http,
                recorder);
    }

    /**
     * Starts the nodes that do not run, and the load when all is in sync.
     *
     * @param name of the test, for its keys and the history that a failure leaves
     * @param longest the load ends after this time at the latest
     * @param pause between two calls of one client
     */
    static LoadedCluster start(LocalCluster cluster, String name, long seed, Duration longest, Duration pause)
            throws Exception {
        System.out.println(name + ": seed " + seed);
        cluster.startAll();
        cluster.awaitReady(RECOVERY);
        cluster.awaitInSync(RECOVERY);
        return new LoadedCluster(cluster, name, seed, longest, pause);
    }

    static LoadedCluster start(LocalCluster cluster, String name, long seed) throws Exception {
        return start(cluster, name, seed, Duration.ofMinutes(4), Duration.ofMillis(60));
    }

    LocalCluster cluster() {
        return cluster;
    }

    KvClient http() {
        return http;
    }

    /** Writes a key and reads it again through each of these nodes. */
    void expectService(List<String> through, String mark) throws Exception {
        for (String node : through) {
            for (int i = 0; i < KEYS; i++) {
                String key = "probe" + i;
                String value = mark + " through " + node;
                awaitPut(node, key, value);
                Local.expect(http, cluster.baseUrl(node), key, value);
            }
        }
    }

    /** The cluster may be in the midst of replacing somebody. */
    private void awaitPut(String node, String key, String value) throws TimeoutException, InterruptedException {
        Outcome[] last = {new Outcome.NotFound()};
        Await.until(
                "put " + key + " through " + node,
                RECOVERY,
                () -> {
                    last[0] = http.execute(cluster.baseUrl(node), Operation.put(key, value));
                    return last[0] instanceof Outcome.Created || last[0] instanceof Outcome.Replaced;
                },
                () -> "the last answer was " + last[0] + ", the ring there " + ring(node));
    }

    private String ring(String node) {
        try {
            return http.getPath(cluster.baseUrl(node), "/v1/cluster/ring")
                    .json()
                    .toString();
        } catch (IOException unreachable) {
            return unreachable.toString();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return interrupted.toString();
        }
    }

    /** Waits until a node says something of the ring. */
    void awaitRing(String asked, String what, RingCheck check) throws TimeoutException, InterruptedException {
        String[] last = {""};
        Await.until(
                what,
                RECOVERY,
                () -> {
                    try {
                        JsonNode ring = http.getPath(cluster.baseUrl(asked), "/v1/cluster/ring")
                                .json();
                        last[0] = ring.toString();
                        return check.holds(ring);
                    } catch (IOException unreachable) {
                        return false;
                    }
                },
                () -> last[0]);
    }

    /** What is waited for. */
    interface RingCheck {
        boolean holds(JsonNode ring);
    }

    /** No partition counts on the node. */
    static boolean isOutOfSync(JsonNode ring, String node) {
        for (JsonNode partition : ring.path("partitions")) {
            for (JsonNode member : partition.path("inSync")) {
                if (member.asText().equals(node)) {
                    return false;
                }
            }
        }
        return ring.path("partitions").size() > 0;
    }

    /** The end: all faults are over, and everything must be there. */
    void verify() throws Exception {
        cluster.awaitReady(RECOVERY);
        cluster.awaitInSync(RECOVERY);
        expectService(List.copyOf(cluster.names()), "at the end");
        load.stopAndJoin(LOAD_END);
        History history = recorder.history();
        assertThat(history.calls()).hasSizeGreaterThan(LEAST_CALLS);
        // whoever is asked, the answer is the same
        for (String node : cluster.names()) {
            long scanNs = recorder.nowNs();
            Map<String, Outcome.Value> found = http.scan(cluster.baseUrl(node), Bytes.of(name + "-key"));
            history = FinalScan.append(history, found, scanNs, recorder.nowNs());
        }
        System.out.println(name + ": " + history.calls().size() + " calls");
        Local.assertLinearizable(history, Path.of("target", "histories", name + ".jsonl"));
    }

    /** Ends the load and leaves the nodes as they are. */
    @Override
    public void close() {
        load.stop();
        http.close();
    }
}
