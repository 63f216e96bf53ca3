package dev.kvstore.e2e.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kvstore.e2e.FilledKeys;
import dev.kvstore.e2e.Local;
import dev.kvstore.testkit.process.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Orders that are broken into, taken back, or cannot be. */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScalingIT {
    private static final int KEYS = 1_000;
    private static final List<String> MORE = List.of("node4", "node5");
    private static final String LEAVE = "{\"members\": {\"node4\": null, \"node5\": null}}";
    private static final String STAY = "{\"members\": {\"node4\": \"\", \"node5\": \"\"}}";
    private static final int UNMOVED_S = 5;

    private ScaledCluster cluster;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        cluster = ScaledCluster.start(directory);
        cluster.join(MORE);
    }

    /** Whatever a test has left. */
    @BeforeEach
    void fiveNodes() throws Exception {
        cluster.nodes().startAll();
        // refused until a node that has just started is heard of
        Await.until("the order " + STAY, ScaledCluster.PATIENCE, this::areToStay, () -> "it is refused");
        cluster.nodes().awaitReady(ScaledCluster.PATIENCE);
        cluster.awaitSettled(ScaledCluster.ALL);
    }

    private boolean areToStay() throws InterruptedException {
        try {
            return cluster.order(STAY) == 200;
        } catch (IOException unreachable) {
            return false;
        }
    }

    @AfterAll
    void close() {
        cluster.close();
    }

    private FilledKeys fill(String prefix, int count) throws Exception {
        FilledKeys keys = new FilledKeys(prefix, count);
        cluster.fill(keys);
        return keys;
    }

    @Test
    void aScaleDownCompletesThoughItsLeaderIsKilledInTheMiddle() throws Exception {
        FilledKeys keys = fill("leader-", KEYS);
        assertThat(cluster.order(LEAVE)).isEqualTo(200);
        awaitBegun();
        String leader = Local.leader(cluster.nodes(), "node1");
        assertThat(leader).isNotEmpty();
        cluster.nodes().kill(leader);
        if (ScaledCluster.FIRST.contains(leader)) {
            cluster.join(List.of(leader));
        }
        cluster.awaitSettled(ScaledCluster.FIRST);
        cluster.verify(keys, ScaledCluster.FIRST);
    }

    @Test
    @Tag("long")
    void anOrderThatIsTakenBackHalfwayIsFollowedAtOnce() throws Exception {
        FilledKeys keys = fill("stay-", KEYS);
        assertThat(cluster.order(LEAVE)).isEqualTo(200);
        awaitBegun();
        assertThat(cluster.order(STAY)).isEqualTo(200);
        cluster.awaitSettled(ScaledCluster.ALL);
        cluster.verify(keys, List.of("node5"));
    }

    @Test
    @Tag("long")
    void aNodeThatIsKilledAndStartedAgainWhileItLeavesDoesNotTakeTheOrderBack() throws Exception {
        FilledKeys keys = fill("leave-", KEYS);
        assertThat(cluster.order(LEAVE)).isEqualTo(200);
        awaitBegun();
        cluster.nodes().kill("node5");
        cluster.nodes().start("node5");
        cluster.awaitSettled(ScaledCluster.FIRST);
        cluster.verify(keys, ScaledCluster.FIRST);
    }

    @Test
    @Tag("long")
    void aMemberThatComesBackWithItsOldDiskWaitsForAnOrderAndIsBroughtUpToDate() throws Exception {
        fill("old-", KEYS);
        assertThat(cluster.order(LEAVE)).isEqualTo(200);
        cluster.awaitSettled(ScaledCluster.FIRST);
        cluster.stop("node4");
        cluster.stop("node5");
        // what is on their disks is of before
        FilledKeys keys = fill("old-", 2 * KEYS);
        cluster.nodes().start("node5");
        awaitWord("node5", "node5 was ordered away from this cluster");
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
        cluster.verify(keys, List.of("node5"));
    }

    @Test
    @Tag("long")
    void copiesOfANodeThatStaysAwayAreMadeElsewhereWhenItHasBeenWaitedForAsOrdered() throws Exception {
        FilledKeys keys = fill("away-", KEYS);
        String before = "{\"replaceAfterMs\": %d}"
                .formatted(cluster.desired().path("replaceAfterMs").asLong());
        cluster.nodes().kill("node3");
        awaitCopies(false);
        TimeUnit.SECONDS.sleep(UNMOVED_S);
        assertThat(hasAllCopies()).as("copies are made at once").isFalse();
        assertThat(cluster.order("{\"replaceAfterMs\": 1000}")).isEqualTo(200);
        awaitCopies(true);
        cluster.verify(keys, List.of("node1", "node2"));
        assertThat(cluster.order(before)).isEqualTo(200);
        cluster.join(List.of("node3"));
        cluster.awaitSettled(ScaledCluster.ALL);
        cluster.verify(keys, ScaledCluster.FIRST);
    }

    @Test
    void ordersThatCannotBeAreRefusedAndMoveNothing() throws Exception {
        JsonNode desired = cluster.desired();
        for (String bad : List.of(
                "{\"replicationFactor\": 6}",
                "{\"members\": {\"node2\": null, \"node3\": null, \"node4\": null, \"node5\": null}}",
                "{\"members\": {\"node9\": \"\"}}",
                "{\"minInSync\": 3}",
                "{\"acceptLoss\": {\"1\": 1}}")) {
            assertThat(cluster.order(bad)).as(bad).isEqualTo(409);
        }
        assertThat(cluster.toMove()).isZero();
        assertThat(cluster.desired()).isEqualTo(desired);
    }

    private boolean hasAllCopies() throws IOException, InterruptedException {
        JsonNode partitions = cluster.status().path("partitions");
        return partitions.path("fullyInSync").asInt(-1)
                == partitions.path("total").asInt(-2);
    }

    private void awaitCopies(boolean all) throws TimeoutException, InterruptedException {
        Await.until(
                "all copies: " + all,
                ScaledCluster.PATIENCE,
                () -> {
                    try {
                        return hasAllCopies() == all;
                    } catch (IOException away) {
                        return false;
                    }
                },
                () -> "");
    }

    private void awaitWord(String name, String word) throws TimeoutException, InterruptedException {
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
    private void awaitBegun() throws TimeoutException, InterruptedException {
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
