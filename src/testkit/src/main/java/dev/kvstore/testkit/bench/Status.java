package dev.kvstore.testkit.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.kvstore.testkit.load.KvClient;
import dev.kvstore.testkit.process.Await;
import dev.kvstore.testkit.process.LocalCluster;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Questions to a cluster that the benchmark waits for the answers of. */
final class Status {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final int MOST_TAGS = 100_000;

    private Status() {}

    /** Who leads, as soon as a node knows it. */
    static String awaitLeader(LocalCluster cluster) throws TimeoutException, InterruptedException {
        String[] leader = {""};
        Await.until(
                "a leader",
                TIMEOUT,
                () -> {
                    leader[0] = ask(cluster, cluster.running().getFirst())
                            .path("leader")
                            .asText("");
                    return !leader[0].isEmpty();
                },
                () -> "");
        return leader[0];
    }

    /** Waits until all copies are in sync and every node is the primary of something, as it is between failures. */
    static void awaitBalance(LocalCluster cluster) throws TimeoutException, InterruptedException {
        cluster.awaitInSync(TIMEOUT);
        Await.until(
                "primaries at every node",
                TIMEOUT,
                () -> {
                    int busy = 0;
                    for (JsonNode member :
                            ask(cluster, cluster.running().getFirst()).path("members")) {
                        busy += member.path("primaries").asInt(0) > 0 ? 1 : 0;
                    }
                    return busy == Nodes.COUNT;
                },
                () -> "");
    }

    /** Waits until a node says that not all copies are in sync. */
    static void awaitLoss(LocalCluster cluster, String asked) throws TimeoutException, InterruptedException {
        Await.until(
                "a copy that is missed",
                TIMEOUT,
                () -> {
                    JsonNode partitions = ask(cluster, asked).path("partitions");
                    return partitions.path("fullyInSync").asInt(-1)
                            < partitions.path("total").asInt(-1);
                },
                () -> "");
    }

    /** A text for each partition, such that keys with it in braces live there. */
    static List<String> tags(LocalCluster cluster) throws IOException, InterruptedException {
        String node = cluster.running().getFirst();
        int partitions = cluster.status(node).path("partitions").path("total").asInt();
        @Nullable String[] tags = new @Nullable String[partitions];
        int missing = partitions;
        URI url = cluster.baseUrl(node);
        try (KvClient client = new KvClient(TIMEOUT)) {
            for (int i = 0; missing > 0 && i < MOST_TAGS; i++) {
                String tag = "t" + i;
                int partition = client.getPath(url, "/v1/cluster/locate/" + tag)
                        .json()
                        .path("partition")
                        .asInt(-1);
                if (tags[partition] == null) {
                    tags[partition] = tag;
                    missing--;
                }
            }
        }
        List<String> found = new ArrayList<>();
        Arrays.stream(tags).forEach(tag -> {
            if (tag != null) {
                found.add(tag);
            }
        });
        if (found.size() != partitions) {
            throw new IllegalStateException("no key was found for " + missing + " partitions");
        }
        return found;
    }

    private static JsonNode ask(LocalCluster cluster, String node) throws InterruptedException {
        try {
            return cluster.status(node);
        } catch (IOException _) {
            // no answer is one that says nothing
            return MissingNode.getInstance();
        }
    }
}
