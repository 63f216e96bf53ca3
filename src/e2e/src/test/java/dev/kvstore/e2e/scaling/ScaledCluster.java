package dev.kvstore.e2e.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kvstore.e2e.FilledKeys;
import dev.kvstore.e2e.Local;
import dev.kvstore.testkit.load.KvClient;
import dev.kvstore.testkit.process.Await;
import dev.kvstore.testkit.process.ClusterSettings;
import dev.kvstore.testkit.process.Host;
import dev.kvstore.testkit.process.LocalCluster;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Five nodes of which three begin, with two copies of each key, and orders to them. */
final class ScaledCluster implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(6);
    static final List<String> FIRST = List.of("node1", "node2", "node3");
    static final List<String> ALL = List.of("node1", "node2", "node3", "node4", "node5");

    private static final String DESIRED = "/v1/cluster/desired";
    private static final int UNAVAILABLE = 503;
    private static final int ORDER_ATTEMPTS = 60;
    private static final Duration STOP = Duration.ofSeconds(60);

    private final LocalCluster nodes;
    private final KvClient http = new KvClient(Duration.ofSeconds(20));
    private final HttpClient orders = HttpClient.newHttpClient();

    private ScaledCluster(LocalCluster nodes) {
        this.nodes = nodes;
    }

    /** Starts the first three. */
    static ScaledCluster start(Path directory) throws Exception {
        return start(directory, Map.of());
    }

    /** Starts the first three, each on its host. */
    static ScaledCluster start(Path directory, Map<String, Host> hosts) throws Exception {
        ClusterSettings given = Local.settings(directory);
        // the number of copies is left to orders: a node that is told of one at its start declares it again
        ScaledCluster cluster = new ScaledCluster(new LocalCluster(new ClusterSettings(
                given.command(),
                given.workingDirectory(),
                given.directory(),
                ALL.size(),
                List.of("--members", "3"),
                Map.of(),
                given.environment(),
                hosts)));
        for (String name : FIRST) {
            cluster.nodes.start(name);
        }
        cluster.nodes.awaitReady(PATIENCE);
        cluster.awaitSettled(FIRST);
        return cluster;
    }

    LocalCluster nodes() {
        return nodes;
    }

    URI url(String name) {
        return nodes.baseUrl(name);
    }

    /** Starts nodes, which become members by that. */
    void join(List<String> names) throws Exception {
        for (String name : names) {
            nodes.start(name);
        }
        nodes.awaitReady(PATIENCE);
    }

    void stop(String name) throws Exception {
        assertThat(nodes.stop(name, STOP))
                .as("exit code of %s, which was asked to end", name)
                .isEqualTo(143);
    }

    /** Gives an order, again each second of a minute while nobody can take it, and returns the status of the answer. */
    int order(String patch) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url("node1") + DESIRED))
                .method("PATCH", HttpRequest.BodyPublishers.ofString(patch))
                .timeout(Duration.ofSeconds(20))
                .build();
        int status = send(request);
        for (int attempt = 1; status == UNAVAILABLE && attempt < ORDER_ATTEMPTS; attempt++) {
            TimeUnit.SECONDS.sleep(1);
            status = send(request);
        }
        return status;
    }

    private int send(HttpRequest request) throws IOException, InterruptedException {
        return orders.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    /** What the cluster should be. */
    JsonNode desired() throws IOException, InterruptedException {
        return http.getPath(url("node1"), DESIRED).json();
    }

    JsonNode status() throws IOException, InterruptedException {
        return nodes.status(nodes.running().getFirst());
    }

    int toMove() throws IOException, InterruptedException {
        return status().path("partitions").path("toMove").asInt();
    }

    /** Waits until the ring names these members and no other, and every partition is where it should be, fully in sync. */
    void awaitSettled(List<String> members) throws TimeoutException, InterruptedException {
        String[] last = {""};
        Await.until(
                "every partition where it should be, at " + members,
                PATIENCE,
                () -> {
                    try {
                        JsonNode ring =
                                http.getPath(url("node1"), "/v1/cluster/ring").json();
                        TreeSet<String> named = new TreeSet<>();
                        ring.path("members")
                                .forEach(member -> named.add(member.path("name").asText()));
                        JsonNode partitions =
                                http.getPath(url("node1"), "/v1/cluster").json().path("partitions");
                        last[0] = named + " " + partitions;
                        return named.equals(new TreeSet<>(members))
                                && partitions.path("toMove").asInt(-1) == 0
                                && partitions.path("fullyInSync").asInt(-1)
                                        == partitions.path("total").asInt(-2);
                    } catch (IOException away) {
                        last[0] = away.toString();
                        return false;
                    }
                },
                () -> last[0]);
    }

    /** Writes keys besides those of a load. */
    void fill(FilledKeys keys) throws Exception {
        keys.fill(http, FIRST.stream().map(this::url).toList());
    }

    /** All of them are there with their values, whoever of these is asked. */
    void verify(FilledKeys keys, List<String> asked) throws Exception {
        for (String name : asked) {
            keys.verify(http, url(name));
        }
    }

    @Override
    public void close() {
        http.close();
        orders.close();
        nodes.close();
    }
}
