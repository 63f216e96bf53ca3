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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Processes killed, a node cut off and the API server stopped while clients write and read. */
@OnKubernetes
@Tag("under-load")
@Timeout(value = 8, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultsIT {
    private static final int MEMBERS = SharedCluster.MEMBERS;
    private static final Duration AWAY = Duration.ofMinutes(2);
    private static final Duration CUT = Duration.ofSeconds(12);
    private static final Duration KILLED_BEFORE_END = Duration.ofSeconds(40);
    private static final Duration BREATH = Duration.ofMillis(25);
    private static final Duration COMMAND = Duration.ofSeconds(60);

    private final KvClient http = new KvClient(Duration.ofSeconds(1));
    private KvCluster cluster;

    @BeforeAll
    void create() throws Exception {
        cluster = SharedCluster.ready();
    }

    @AfterAll
    void delete() {
        http.close();
    }

    @Test
    void noAcknowledgedWriteIsLostWhenEachNodeIsKilledTheLeaderFirst() throws Exception {
        List<String> keys = cluster.keyOfEachPartition(http);
        try (SteadyLoad load = SteadyLoad.start("kills", List.of(cluster.url()))) {
            List<String> victims = new ArrayList<>(List.of(cluster.leaseHolder()));
            cluster.readyPods().keySet().stream()
                    .filter(pod -> !victims.contains(pod))
                    .forEach(victims::add);
            assertThat(victims).hasSize(MEMBERS);
            for (String victim : victims) {
                boolean leader = victim.equals(cluster.leaseHolder());
                List<URI> others = cluster.readyPods().entrySet().stream()
                        .filter(pod -> !pod.getKey().equals(victim))
                        .map(Map.Entry::getValue)
                        .toList();
                PodProcess process = PodProcess.of(cluster.pod(victim));
                long killedNs = System.nanoTime();
                process.kill();
                System.out.printf(
                        "measured: SIGKILL of %s %s: every key could be written after %d ms%n",
                        leader ? "the leader" : "the follower", victim, everyKeyWrittenAfterMs(others, keys, killedNs));
                cluster.awaitInSync(http, MEMBERS);
            }
            load.stopAndCheck();
        }
        JsonNode status = cluster.awaitReady(MEMBERS).path("status");
        assertThat(status.path("leader").asText()).isEqualTo(cluster.leaseHolder());
    }

    @Test
    void noAcknowledgedWriteIsLostWhenANodeIsCutOff() throws Exception {
        String victim = cluster.leaseHolder();
        PodProcess process = PodProcess.of(cluster.pod(victim));
        try (SteadyLoad load = SteadyLoad.start("cut", List.of(cluster.url()))) {
            TimeUnit.SECONDS.sleep(2);
            process.cut();
            try {
                TimeUnit.NANOSECONDS.sleep(CUT.toNanos());
                assertThat(cluster.leaseHolder()).isNotEqualTo(victim);
            } finally {
                process.heal();
            }
            cluster.awaitInSync(http, MEMBERS);
            load.stopAndCheck();
        }
    }

    @Test
    void withoutAnApiServerNoRequestFailsAndAKilledNodeComesBackByItself() throws Exception {
        String tool = System.getenv().getOrDefault("KVSTORE_CLUSTER_TOOL", "");
        assumeFalse(
                tool.isBlank(), "skipped: KVSTORE_CLUSTER_TOOL names no program that stops and starts the API server");
        cluster.awaitWhole(MEMBERS);
        cluster.awaitInSync(http, MEMBERS);
        Map<String, URI> pods = cluster.readyPods();
        List<String> keys = cluster.keyOfEachPartition(http);
        PodProcess victim = PodProcess.of(cluster.pod("demo-1"));
        Map<String, Integer> operators = Operator.restarts();
        try (SteadyLoad load = SteadyLoad.start("outage", List.of(cluster.url()))) {
            Command.run(COMMAND, "", List.of(tool, "stop", "kube-apiserver")).succeeded();
            long awayNs = System.nanoTime();
            try {
                TimeUnit.NANOSECONDS.sleep(AWAY.minus(KILLED_BEFORE_END).toNanos());
                load.stopWithoutFailure();
                killWithoutApiServer(victim, pods, keys);
                TimeUnit.NANOSECONDS.sleep(Math.max(0, AWAY.toNanos() - (System.nanoTime() - awayNs)));
            } finally {
                Command.run(COMMAND, "", List.of(tool, "start", "kube-apiserver"))
                        .succeeded();
                Kubectl.awaitApiServer();
            }
        }
        cluster.awaitInSync(http, MEMBERS);
        cluster.awaitReady(MEMBERS);
        // the operator has waited, and works again
        assertThat(Operator.restarts()).isEqualTo(operators);
        Kubectl.run("delete", "service/demo-peers", "-n", cluster.namespace());
        Kubectl.await("the Service is back", COMMAND, _ -> true, "service/demo-peers", "-n", cluster.namespace());
    }

    /** A node that starts without an API server knows the ring from its disk alone; only what it holds waits for it. */
    private void killWithoutApiServer(PodProcess victim, Map<String, URI> pods, List<String> keys) throws Exception {
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
                everyKeyWrittenAfterMs(demo1, keys, System.nanoTime()));
    }

    /** Writes every key through these nodes until each was taken once, all at the same time. */
    private long everyKeyWrittenAfterMs(List<URI> nodes, List<String> keys, long sinceNs) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Long>> written = keys.stream()
                    .map(key -> CompletableFuture.supplyAsync(() -> writtenAfterMs(nodes, key, sinceNs), threads))
                    .toList();
            long longest = 0;
            for (CompletableFuture<Long> each : written) {
                longest = Math.max(longest, each.get(90, TimeUnit.SECONDS));
            }
            return longest;
        }
    }

    private long writtenAfterMs(List<URI> nodes, String key, long sinceNs) {
        for (int i = 0; System.nanoTime() - sinceNs < COMMAND.toNanos(); i++) {
            Outcome outcome = http.execute(nodes.get(i % nodes.size()), Operation.put(key, "probe " + i));
            if (outcome instanceof Outcome.Created || outcome instanceof Outcome.Replaced) {
                return (System.nanoTime() - sinceNs) / 1_000_000;
            }
            // refusals come at once: not to ask for the same 128 keys without a breath
            LockSupport.parkNanos(BREATH.toNanos());
        }
        throw new AssertionError(key + " could not be written within " + COMMAND);
    }
}
