package dev.kvstore.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kvstore.testkit.history.History;
import dev.kvstore.testkit.history.HistoryFile;
import dev.kvstore.testkit.history.LiveRecorder;
import dev.kvstore.testkit.history.Operation;
import dev.kvstore.testkit.history.Outcome;
import dev.kvstore.testkit.linearizability.CheckerSettings;
import dev.kvstore.testkit.linearizability.LinearizabilityChecker;
import dev.kvstore.testkit.linearizability.Verdict;
import dev.kvstore.testkit.load.KvClient;
import dev.kvstore.testkit.process.Await;
import dev.kvstore.testkit.process.ClusterSettings;
import dev.kvstore.testkit.process.LocalCluster;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** What the tests of a local cluster share: the script that starts nodes, and questions to a cluster. */
public final class Local {
    /**
     * The order of classes that take long. Of JUnit's two threads one takes classes from the front, where those on Kubernetes
     * are, and the other one from the end: so these are begun first, and none of them is left alone when all others are done.
     */
    public static final int LONG = Integer.MAX_VALUE;

    /** The processes share one clock; what is left is the time between reading it and using it. */
    private static final int CLOCK_SKEW_MS = 50;

    private static final Path HOME = Path.of(System.getProperty("kvstore.home", "../.."))
            .toAbsolutePath()
            .normalize();

    private Local() {}

    /** The project's script. */
    public static Path script() {
        return HOME.resolve("kvstore");
    }

    /**
     * The project's script with these words, behind what else wants the processor: pods have a small share of it by their
     * requests, and would get too little beside the nodes of other tests.
     */
    public static List<String> command(String... words) {
        return Stream.concat(Stream.of("nice", "-n", "10", script().toString()), Stream.of(words))
                .toList();
    }

    /** Three nodes with two copies of each key, not started yet. */
    public static LocalCluster threeNodes(Path directory) {
        return new LocalCluster(settings(directory));
    }

    /** What those are made of. */
    public static ClusterSettings settings(Path directory) {
        return new ClusterSettings(
                command("node"),
                HOME,
                directory,
                3,
                List.of("--replication", "2"),
                Map.of(),
                Map.of("KVSTORE_NO_BUILD", "1"));
    }

    /** The leader as a node knows it; empty when it knows of none. */
    public static String leader(LocalCluster cluster, String asked) throws IOException, InterruptedException {
        JsonNode leader = cluster.status(asked).path("leader");
        return leader.isTextual() ? leader.asText() : "";
    }

    /** Waits until a running node says that another than the given one leads. */
    public static void awaitOtherLeader(LocalCluster cluster, String former, Duration timeout)
            throws TimeoutException, InterruptedException {
        Await.until(
                "another leader than " + former,
                timeout,
                () -> {
                    try {
                        String leader = leader(cluster, cluster.running().getFirst());
                        return !leader.isEmpty() && !leader.equals(former);
                    } catch (IOException unreachable) {
                        return false;
                    }
                },
                () -> "");
    }

    /** Writes a key, trying again while that was surely not written. */
    public static void put(KvClient http, URI node, String key, String value)
            throws TimeoutException, InterruptedException {
        Await.until(
                "put " + key,
                Duration.ofSeconds(20),
                () -> {
                    Outcome outcome = http.execute(node, Operation.put(key, value));
                    return outcome instanceof Outcome.Created || outcome instanceof Outcome.Replaced;
                },
                () -> "at " + node);
    }

    /** Reads a key through a node and compares, trying again while the node cannot answer. */
    public static void expect(KvClient http, URI node, String key, String value)
            throws TimeoutException, InterruptedException {
        Await.until(
                "get " + key,
                Duration.ofSeconds(20),
                () -> {
                    Outcome outcome = http.execute(node, Operation.get(key));
                    boolean answered = !(outcome instanceof Outcome.Refused) && !(outcome instanceof Outcome.Unknown);
                    if (answered) {
                        assertThat(outcome)
                                .as("%s through %s", key, node)
                                .isInstanceOfSatisfying(
                                        Outcome.Value.class,
                                        found -> assertThat(found.value()).isEqualTo(value));
                    }
                    return answered;
                },
                () -> "at " + node);
    }

    /** Waits until the store has answered some more calls of a load that goes on. */
    public static void awaitAnswers(LiveRecorder recorder, int more) throws TimeoutException, InterruptedException {
        int before = recorder.answered();
        Await.until(
                more + " more answers",
                Duration.ofMinutes(1),
                () -> recorder.answered() - before >= more,
                () -> (recorder.answered() - before) + " came");
    }

    /** Fails with the checker's words, and keeps the history, when it is not linearizable. */
    public static void assertLinearizable(History history, Path evidence) throws IOException {
        Verdict verdict = new LinearizabilityChecker(CheckerSettings.withSkewMs(CLOCK_SKEW_MS)).check(history);
        if (!verdict.ok()) {
            Files.createDirectories(evidence.getParent());
            HistoryFile.write(evidence, history);
        }
        assertThat(verdict.ok())
                .as("%s%nthe history is kept in %s", verdict, evidence)
                .isTrue();
    }
}
