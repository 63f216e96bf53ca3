package dev.kvstore.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kvstore.e2e.SteadyLoad;
import dev.kvstore.testkit.load.KvClient;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Processes killed, and a node cut off, while clients write and read. */
@OnKubernetes
@Timeout(value = 8, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultsIT {
    private static final int MEMBERS = SharedCluster.MEMBERS;
    private static final Duration CUT = Duration.ofSeconds(8);

    /** Far above what a failover takes, also on a machine that is busy; without one it takes until the node is back. */
    private static final long LONGEST_PAUSE_MS = 15_000;

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
                List<URI> others = others(victim);
                PodProcess process = PodProcess.of(cluster.pod(victim));
                long killedNs = System.nanoTime();
                process.kill();
                assertWritten(
                        "SIGKILL of " + (leader ? "the leader " : "the follower ") + victim, others, keys, killedNs);
                cluster.awaitInSync(http, MEMBERS);
            }
            load.stopAndCheck();
        }
        JsonNode status = cluster.awaitReady(MEMBERS).path("status");
        assertThat(status.path("leader").asText()).isEqualTo(cluster.leaseHolder());
    }

    @Test
    void noAcknowledgedWriteIsLostWhenTheLeaderIsCutOff() throws Exception {
        List<String> keys = cluster.keyOfEachPartition(http);
        String victim = cluster.leaseHolder();
        List<URI> others = others(victim);
        PodProcess process = PodProcess.of(cluster.pod(victim));
        try (SteadyLoad load = SteadyLoad.start("cut", List.of(cluster.url()))) {
            TimeUnit.SECONDS.sleep(2);
            long cutNs = System.nanoTime();
            process.cut();
            try {
                assertWritten("cut off, the leader " + victim, others, keys, cutNs);
                assertThat(cluster.leaseHolder()).isNotEqualTo(victim);
                // what it believes to be is some seconds old when it hears of the others again
                TimeUnit.NANOSECONDS.sleep(CUT.toNanos() - (System.nanoTime() - cutNs));
            } finally {
                process.heal();
            }
            cluster.awaitInSync(http, MEMBERS);
            load.stopAndCheck();
        }
    }

    private List<URI> others(String victim) {
        return cluster.readyPods().entrySet().stream()
                .filter(pod -> !pod.getKey().equals(victim))
                .map(Map.Entry::getValue)
                .toList();
    }

    private void assertWritten(String fault, List<URI> nodes, List<String> keys, long sinceNs) throws Exception {
        long pauseMs = EveryKey.writtenAfterMs(http, nodes, keys, sinceNs);
        System.out.printf("measured: %s: every key could be written after %d ms%n", fault, pauseMs);
        assertThat(pauseMs).as("until every key could be written").isLessThan(LONGEST_PAUSE_MS);
    }
}
