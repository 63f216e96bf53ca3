package dev.kvstore.testkit.process;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kvstore.testkit.load.KvClient;
import dev.kvstore.testkit.load.Reply;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A cluster of real node processes on this machine, for tests: {@code node1} to {@code nodeN}, each with a folder for its
 * data, all with one folder for coordination. Nodes are started, killed and frozen by name; closing kills all and keeps the
 * folders. For use by one thread.
 */
public final class LocalCluster implements AutoCloseable {

    /** A node's port for its peers lies so much above its HTTP port. */
    private static final int PEER_PORT_OFFSET = 10_000;

    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);

    private final ClusterSettings settings;
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final Map<String, ManagedProcess> processes = new LinkedHashMap<>();
    private final KvClient probe = new KvClient(PROBE_TIMEOUT);

    /**
     * A cluster of which no node runs yet.
     *
     * @param settings what it is made of
     */
    public LocalCluster(ClusterSettings settings) {
        this.settings = settings;
        for (int i = 1; i <= settings.nodes(); i++) {
            ports.put("node" + i, FreePorts.withOffset(PEER_PORT_OFFSET));
        }
    }

    /**
     * The names of all nodes, running or not.
     *
     * @return {@code node1} and so on
     */
    public Set<String> names() {
        return ports.keySet();
    }

    /**
     * The nodes whose processes run, frozen ones included.
     *
     * @return their names
     */
    public List<String> running() {
        return processes.values().stream()
                .filter(ManagedProcess::isAlive)
                .map(ManagedProcess::name)
                .toList();
    }

    /**
     * Where a node answers.
     *
     * @param name the node
     * @return such as {@code http://localhost:8001}
     */
    public URI baseUrl(String name) {
        return URI.create("http://" + host(name).address() + ":" + port(name));
    }

    private Host host(String name) {
        return settings.hosts().getOrDefault(name, Host.LOCAL);
    }

    /**
     * Where all nodes answer, whether they run or not.
     *
     * @return their base URLs in the order of the names
     */
    public List<URI> baseUrls() {
        return names().stream().map(this::baseUrl).toList();
    }

    /**
     * A node's HTTP port; its port for peers is 10,000 higher.
     *
     * @param name the node
     * @return the port
     */
    public int port(String name) {
        Integer port = ports.get(name);
        if (port == null) {
            throw new IllegalArgumentException("no node " + name + " among " + names());
        }
        return port;
    }

    /**
     * Where a node keeps its data.
     *
     * @param name the node
     * @return a folder
     */
    public Path dataDirectory(String name) {
        return settings.directory().resolve(name);
    }

    /**
     * Where a node's output goes; restarts append to it.
     *
     * @param name the node
     * @return a file
     */
    public Path logFile(String name) {
        return settings.directory().resolve("logs").resolve(name + ".log");
    }

    /**
     * The process that a node runs in, or ran in last.
     *
     * @param name the node
     * @return the process
     * @throws IllegalStateException when the node was never started
     */
    public ManagedProcess process(String name) {
        ManagedProcess process = processes.get(name);
        if (process == null) {
            throw new IllegalStateException(name + " was never started");
        }
        return process;
    }

    /**
     * Starts every node that does not run.
     *
     * @throws IOException when one cannot be started
     */
    public void startAll() throws IOException {
        List<String> running = running();
        for (String name : names()) {
            if (!running.contains(name)) {
                start(name);
            }
        }
    }

    /**
     * Starts a node, with the data that it has.
     *
     * @param name the node
     * @throws IOException when it cannot be started
     * @throws IllegalStateException when it runs
     */
    public void start(String name) throws IOException {
        start(name, List.of());
    }

    /**
     * Starts a node with options for this one start.
     *
     * @param name the node
     * @param options such as {@code --refill}
     * @throws IOException when it cannot be started
     * @throws IllegalStateException when it runs
     */
    public void start(String name, List<String> options) throws IOException {
        ManagedProcess before = processes.get(name);
        if (before != null && before.isAlive()) {
            throw new IllegalStateException(name + " runs already");
        }
        processes.put(
                name,
                ManagedProcess.start(
                        name,
                        command(name, options),
                        settings.environment(),
                        settings.workingDirectory(),
                        logFile(name)));
    }

    private List<String> command(String name, List<String> once) {
        String peers = ports.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(name))
                .map(entry -> host(entry.getKey()).address() + ":" + entry.getValue())
                .collect(Collectors.joining(","));
        List<String> command = new ArrayList<>(host(name).launcher());
        command.addAll(settings.command());
        command.addAll(List.of(name, host(name).address(), String.valueOf(port(name)), peers));
        command.addAll(List.of("--data", dataDirectory(name).toAbsolutePath().toString()));
        command.addAll(List.of(
                "--coordination",
                settings.directory().resolve("coordination").toAbsolutePath().toString()));
        command.addAll(settings.options());
        command.addAll(settings.nodeOptions().getOrDefault(name, List.of()));
        command.addAll(once);
        return command;
    }

    /**
     * Ends a node as {@code kill -9} does.
     *
     * @param name the node
     * @throws InterruptedException when the caller is interrupted
     */
    public void kill(String name) throws InterruptedException {
        process(name).kill();
    }

    /**
     * Asks a node to end, and waits for it.
     *
     * @param name the node
     * @param timeout how long
     * @return its exit code
     * @throws IOException when it cannot be asked
     * @throws TimeoutException when it goes on
     * @throws InterruptedException when the caller is interrupted
     */
    public int stop(String name, Duration timeout) throws IOException, TimeoutException, InterruptedException {
        process(name).send(ManagedProcess.Signal.TERM);
        return process(name).awaitExit(timeout);
    }

    /**
     * Freezes a node as {@code kill -STOP} does.
     *
     * @param name the node
     * @throws IOException when it cannot be frozen
     * @throws InterruptedException when the caller is interrupted
     */
    public void freeze(String name) throws IOException, InterruptedException {
        process(name).send(ManagedProcess.Signal.STOP);
    }

    /**
     * Wakes a frozen node.
     *
     * @param name the node
     * @throws IOException when it cannot be woken
     * @throws InterruptedException when the caller is interrupted
     */
    public void thaw(String name) throws IOException, InterruptedException {
        process(name).send(ManagedProcess.Signal.CONT);
    }

    /**
     * Removes the data of a node that does not run.
     *
     * @param name the node
     * @throws IOException when it cannot be removed
     * @throws IllegalStateException when the node runs
     */
    public void wipe(String name) throws IOException {
        if (running().contains(name)) {
            throw new IllegalStateException(name + " runs");
        }
        Path data = dataDirectory(name);
        if (!Files.exists(data)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> paths = Files.walk(data)) {
            deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.delete(path);
        }
    }

    /**
     * Waits until every running node says that it is ready.
     *
     * @param timeout how long in all
     * @throws TimeoutException when one is not
     * @throws InterruptedException when the caller is interrupted
     * @throws IllegalStateException when one ends meanwhile; the message has its last output
     */
    public void awaitReady(Duration timeout) throws TimeoutException, InterruptedException {
        long deadlineNs = System.nanoTime() + timeout.toNanos();
        for (String name : running()) {
            Duration left = Duration.ofNanos(Math.max(0, deadlineNs - System.nanoTime()));
            process(name).awaitWhileAlive(name + " ready", left, () -> isReady(name));
        }
    }

    private boolean isReady(String name) throws InterruptedException {
        try {
            return probe.getPath(baseUrl(name), "/q/health/ready").status() == 200;
        } catch (IOException _) {
            // it does not answer, so it is not ready
            return false;
        }
    }

    /**
     * Waits until every running node says that every partition has its full number of copies in sync.
     *
     * @param timeout how long in all
     * @throws TimeoutException when one does not; the message has what each node said last
     * @throws InterruptedException when the caller is interrupted
     */
    public void awaitInSync(Duration timeout) throws TimeoutException, InterruptedException {
        Map<String, String> said = new LinkedHashMap<>();
        Collection<String> asked = running();
        Await.until(
                "every partition in sync",
                timeout,
                () -> {
                    boolean all = true;
                    for (String name : asked) {
                        JsonNode partitions = partitions(name);
                        said.put(name, partitions == null ? "no answer" : partitions.toString());
                        all &= partitions != null && isFullyInSync(partitions);
                    }
                    return all;
                },
                said::toString);
    }

    private static boolean isFullyInSync(JsonNode partitions) {
        long total = partitions.path("total").asLong(0);
        return total > 0 && partitions.path("fullyInSync").asLong(-1) == total;
    }

    private @Nullable JsonNode partitions(String name) throws InterruptedException {
        try {
            Reply reply = probe.getPath(baseUrl(name), "/v1/cluster");
            return reply.status() == 200 ? reply.json().path("partitions") : null;
        } catch (IOException _) {
            // the message of the time-out will say that this node gave no answer
            return null;
        }
    }

    /**
     * What a node says of the cluster.
     *
     * @param name the node
     * @return the answer to {@code GET /v1/cluster}
     * @throws IOException when it gives none
     * @throws InterruptedException when the caller is interrupted
     */
    public JsonNode status(String name) throws IOException, InterruptedException {
        return probe.getPath(baseUrl(name), "/v1/cluster").json();
    }

    /** Kills every node. The folders stay. */
    @Override
    public void close() {
        try {
            processes.values().forEach(ManagedProcess::killNow);
            processes.values().forEach(ManagedProcess::close);
        } finally {
            probe.close();
        }
    }
}
