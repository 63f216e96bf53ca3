package dev.kvstore.e2e.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kvstore.e2e.Local;
import dev.kvstore.e2e.SideLane;
import dev.kvstore.testkit.process.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Orders that are broken into, taken back, or cannot be. */
@SideLane
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class ScalingIT {
    private static final int KEYS = 2_000;
    private static final String LEAVE = "{\"members\": {\"node4\": null, \"node5\": null}}";
    private static final int UNMOVED_S = 5;

    @TempDir
    private Path directory = Path.of("");

    @Test
    void aScaleDownCompletesThoughItsLeaderIsKilledInTheMiddle() throws Exception {
        try (ScaledCluster cluster = fiveNodes()) {
            assertThat(cluster.order(LEAVE)).isEqualTo(200);
            awaitBegun(cluster);
            String leader = Local.leader(cluster.nodes(), "node1");
            assertThat(leader).isNotEmpty();
            cluster.nodes().kill(leader);
            if (ScaledCluster.FIRST.contains(leader)) {
                cluster.join(List.of(leader));
            }
            cluster.awaitSettled(ScaledCluster.FIRST);
            cluster.verifyFilled(KEYS, ScaledCluster.FIRST);
        }
    }

    @Test
    void anOrderThatIsTakenBackHalfwayIsFollowedAtOnce() throws Exception {
        try (ScaledCluster cluster = fiveNodes()) {
            assertThat(cluster.order(LEAVE)).isEqualTo(200);
            awaitBegun(cluster);
            assertThat(cluster.order("{\"members\": {\"node4\": \"\", \"node5\": \"\"}}"))
                    .isEqualTo(200);
            cluster.awaitSettled(ScaledCluster.ALL);
            cluster.verifyFilled(KEYS, List.of("node5"));
        }
    }

    @Test
    void aNodeThatIsKilledAndStartedAgainWhileItLeavesDoesNotTakeTheOrderBack() throws Exception {
        try (ScaledCluster cluster = fiveNodes()) {
            assertThat(cluster.order(LEAVE)).isEqualTo(200);
            awaitBegun(cluster);
            cluster.nodes().kill("node5");
            cluster.nodes().start("node5");
            cluster.awaitSettled(ScaledCluster.FIRST);
            cluster.verifyFilled(KEYS, ScaledCluster.FIRST);
        }
    }

    @Test
    void aMemberThatComesBackWithItsOldDiskWaitsForAnOrderAndIsBroughtUpToDate() throws Exception {
        try (ScaledCluster cluster = fiveNodes()) {
            assertThat(cluster.order(LEAVE)).isEqualTo(200);
            cluster.awaitSettled(ScaledCluster.FIRST);
            cluster.stop("node4");
            cluster.stop("node5");
            // what is on their disks is of before
            cluster.fill(2 * KEYS);
            cluster.nodes().start("node5");
            awaitWord(cluster, "node5", "node5 was ordered away from this cluster");
            TimeUnit.SECONDS.sleep(UNMOVED_S);
            cluster.awaitSettled(ScaledCluster.FIRST);
            assertThat(cluster.order("{\"members\": {\"node5\": \"\"}}")).isEqualTo(200);
            cluster.nodes().awaitReady(ScaledCluster.PATIENCE);
            List<String> four = new ArrayList<>(ScaledCluster.FIRST);
            four.add("node5");
            cluster.awaitSettled(four);
            for (String name : ScaledCluster.FIRST.subList(1, 3)) {
                // so that what node5 has counts
                cluster.nodes().kill(name);
                cluster.join(List.of(name));
                cluster.awaitSettled(four);
            }
            cluster.verifyFilled(2 * KEYS, List.of("node5"));
        }
    }

    @Test
    void copiesOfANodeThatStaysAwayAreMadeElsewhereWhenItHasBeenWaitedForAsOrdered() throws Exception {
        try (ScaledCluster cluster = ScaledCluster.start(directory)) {
            cluster.fill(KEYS);
            cluster.nodes().kill("node3");
            awaitCopies(cluster, false);
            TimeUnit.SECONDS.sleep(UNMOVED_S);
            assertThat(hasAllCopies(cluster)).as("copies are made at once").isFalse();
            assertThat(cluster.order("{\"replaceAfterMs\": 1000}")).isEqualTo(200);
            awaitCopies(cluster, true);
            cluster.verifyFilled(KEYS, List.of("node1", "node2"));
            cluster.join(List.of("node3"));
            cluster.awaitSettled(ScaledCluster.FIRST);
            cluster.verifyFilled(KEYS, ScaledCluster.FIRST);
        }
    }

    private static boolean hasAllCopies(ScaledCluster cluster) throws IOException, InterruptedException {
        JsonNode partitions = cluster.status().path("partitions");
        return partitions.path("fullyInSync").asInt(-1)
                == partitions.path("total").asInt(-2);
    }

    private static void awaitCopies(ScaledCluster cluster, boolean all) throws TimeoutException, InterruptedException {
        Await.until(
                "all copies: " + all,
                ScaledCluster.PATIENCE,
                () -> {
                    try {
                        return hasAllCopies(cluster) == all;
                    } catch (IOException away) {
                        return false;
                    }
                },
                () -> "");
    }

    @Test
    void ordersThatCannotBeAreRefusedAndMoveNothing() throws Exception {
        try (ScaledCluster cluster = ScaledCluster.start(directory)) {
            long version = cluster.status().path("ringVersion").asLong();
            for (String bad : List.of(
                    "{\"replicationFactor\": 4}",
                    "{\"members\": {\"node2\": null, \"node3\": null}}",
                    "{\"members\": {\"node9\": \"\"}}",
                    "{\"minInSync\": 3}",
                    "{\"acceptLoss\": {\"1\": 1}}")) {
                assertThat(cluster.order(bad)).as(bad).isEqualTo(409);
            }
            assertThat(cluster.toMove()).isZero();
            assertThat(cluster.status().path("ringVersion").asLong()).isEqualTo(version);
        }
    }

    private ScaledCluster fiveNodes() throws Exception {
        ScaledCluster cluster = ScaledCluster.start(directory);
        cluster.fill(KEYS);
        cluster.join(List.of("node4", "node5"));
        cluster.awaitSettled(ScaledCluster.ALL);
        return cluster;
    }

    private static void awaitWord(ScaledCluster cluster, String name, String word)
            throws TimeoutException, InterruptedException {
        Await.until(
                name + " logs: " + word,
                ScaledCluster.PATIENCE,
                () -> {
                    try {
                        return Files.readString(cluster.nodes().logFile(name)).contains(word);
                    } catch (IOException _) {
                        return false;
                    }
                },
                () -> "");
    }

    /** Some of it has moved and some has not; every move says from where to where. */
    private static void awaitBegun(ScaledCluster cluster) throws TimeoutException, InterruptedException {
        String[] last = {""};
        Await.until(
                "a scale-down in its middle",
                ScaledCluster.PATIENCE,
                () -> {
                    try {
                        JsonNode status = cluster.status();
                        last[0] = status.toString();
                        JsonNode move = status.path("moves").path(0);
                        return status.path("partitions").path("toMove").asInt() > 0
                                && !move.path("from").asText().isEmpty()
                                && !move.path("to").asText().isEmpty();
                    } catch (IOException away) {
                        return false;
                    }
                },
                () -> last[0]);
    }
}
