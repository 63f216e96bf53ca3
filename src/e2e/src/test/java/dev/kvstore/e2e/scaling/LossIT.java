package dev.kvstore.e2e.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kvstore.e2e.FilledKeys;
import dev.kvstore.testkit.history.Condition;
import dev.kvstore.testkit.history.Operation;
import dev.kvstore.testkit.load.Bytes;
import dev.kvstore.testkit.load.KvClient;
import dev.kvstore.testkit.load.Reply;
import dev.kvstore.testkit.process.Await;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two disks of three are gone, and with them both copies of some keys. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class LossIT {
    private static final FilledKeys KEYS = new FilledKeys("filled-", 500);
    private static final List<String> GONE = List.of("node2", "node3");

    /** What the sequence of a partition moves on by when its loss is accepted, so that no old version can match. */
    private static final long JUMP = 1L << 32;

    @TempDir
    private Path directory = Path.of("");

    @Test
    void whatIsLostSaysSoUntilAHumanGivesItUpAndNothingElseIsTouched() throws Exception {
        try (ScaledCluster cluster = ScaledCluster.start(directory);
                KvClient http = new KvClient(Duration.ofSeconds(20))) {
            URI asked = cluster.url("node1");
            cluster.fill(KEYS);
            Map<String, Integer> partitions = partitionsOfKeys(http, asked);
            Set<Integer> lost = held(ring(http, asked), GONE);
            for (String name : GONE) {
                cluster.nodes().kill(name);
            }
            for (String name : GONE) {
                cluster.nodes().wipe(name);
                cluster.nodes().start(name);
            }

            awaitLost(http, asked, lost);
            expect(http, asked, partitions, lost, 503);
            String nodes = "localhost:" + cluster.nodes().port("node1");
            assertThat(Cli.run(directory, "doctor", "--nodes", nodes).out()).contains("accept-loss");
            assertThat(Cli.run(directory, "accept-loss", "--nodes", nodes).out())
                    .contains("Lost partitions: " + lost);
            int sound = firstBut(lost);
            assertThat(Cli.run(directory, "accept-loss", String.valueOf(sound), "--nodes", nodes)
                            .out())
                    .contains("Partition " + sound + " is not lost. Nothing was given up.");
            assertThat(cluster.order("{\"acceptLoss\": {\"" + sound + "\": 1}}"))
                    .isEqualTo(409);
            awaitLost(http, asked, lost);

            List<String> words = new ArrayList<>(List.of("accept-loss"));
            lost.forEach(each -> words.add(String.valueOf(each)));
            words.addAll(List.of("--nodes", nodes));
            Cli.Ended accepted = Cli.run(directory, words.toArray(String[]::new));
            assertThat(accepted.code()).as(accepted.out()).isZero();
            cluster.awaitSettled(ScaledCluster.FIRST);
            expect(http, asked, partitions, lost, 404);
            String again = partitions.entrySet().stream()
                    .filter(each -> lost.contains(each.getValue()))
                    .findFirst()
                    .orElseThrow()
                    .getKey();
            Reply written = http.put(asked, Bytes.of(again), Bytes.of("anew"), Operation.NO_TTL, Condition.NONE);
            assertThat(written.status()).isEqualTo(201);
            assertThat(written.version().orElseThrow()).isGreaterThan(JUMP);
        }
    }

    private static JsonNode ring(KvClient http, URI asked) throws IOException, InterruptedException {
        return http.getPath(asked, "/v1/cluster/ring").json();
    }

    private static Map<String, Integer> partitionsOfKeys(KvClient http, URI asked) throws Exception {
        Map<String, Integer> found = new TreeMap<>();
        for (int i = 0; i < KEYS.count(); i++) {
            String key = KEYS.prefix() + i;
            found.put(
                    key,
                    http.getPath(asked, "/v1/cluster/locate/" + key)
                            .json()
                            .path("partition")
                            .asInt(-1));
        }
        return found;
    }

    /** The partitions of which nobody else has a copy that counts. */
    private static Set<Integer> held(JsonNode ring, List<String> by) {
        Set<Integer> held = new TreeSet<>();
        JsonNode partitions = ring.path("partitions");
        for (int i = 0; i < partitions.size(); i++) {
            List<String> inSync = new ArrayList<>();
            partitions.get(i).path("inSync").forEach(member -> inSync.add(member.asText()));
            if (by.containsAll(inSync)) {
                held.add(i);
            }
        }
        return held;
    }

    private static int firstBut(Set<Integer> partitions) {
        int partition = 0;
        while (partitions.contains(partition)) {
            partition++;
        }
        return partition;
    }

    /** These are lost and no other, and all others are served. */
    private static void awaitLost(KvClient http, URI asked, Set<Integer> lost)
            throws TimeoutException, InterruptedException {
        String[] last = {""};
        Await.until(
                "lost: " + lost,
                ScaledCluster.PATIENCE,
                () -> {
                    try {
                        JsonNode partitions =
                                http.getPath(asked, "/v1/cluster").json().path("partitions");
                        Set<Integer> marked = new TreeSet<>();
                        JsonNode ring = ring(http, asked).path("partitions");
                        for (int i = 0; i < ring.size(); i++) {
                            if (ring.get(i).path("lost").asBoolean()) {
                                marked.add(i);
                            }
                        }
                        last[0] = partitions + ", marked: " + marked;
                        return marked.equals(lost)
                                && partitions.path("lost").asInt() == lost.size()
                                && partitions.path("fullyInSync").asInt()
                                        == partitions.path("total").asInt() - lost.size();
                    } catch (IOException away) {
                        last[0] = away.toString();
                        return false;
                    }
                },
                () -> last[0]);
    }

    /** Keys of these partitions are answered so, and all others with what was written. */
    private static void expect(KvClient http, URI asked, Map<String, Integer> partitions, Set<Integer> lost, int status)
            throws Exception {
        int affected = 0;
        for (int i = 0; i < KEYS.count(); i++) {
            String key = KEYS.prefix() + i;
            Reply reply = http.get(asked, Bytes.of(key), false);
            boolean isLost = lost.contains(partitions.get(key));
            assertThat(reply.status()).as("%s: %s", key, reply.body()).isEqualTo(isLost ? status : 200);
            if (isLost) {
                affected++;
                assertThat(reply.problemCode()).isEqualTo(status == 503 ? "partition-lost" : "not-found");
            } else {
                assertThat(reply.body()).as(key).isEqualTo(Bytes.of(FilledKeys.value(i)));
            }
        }
        assertThat(affected).isBetween(1, KEYS.count() - 1);
    }
}
