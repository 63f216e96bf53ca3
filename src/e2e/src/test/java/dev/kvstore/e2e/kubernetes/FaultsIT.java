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
    private static final Duration CUT = Duration.ofSeconds(12);

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
                        leader ? "the leader" : "the follower",
                        victim,
                        EveryKey.writtenAfterMs(http, others, keys, killedNs));
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
}
