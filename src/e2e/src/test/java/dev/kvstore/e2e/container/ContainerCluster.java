package dev.kvstore.e2e.container;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.InternalServerErrorException;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.ContainerNetwork;
import dev.kvstore.testkit.load.KvClient;
import dev.kvstore.testkit.load.Reply;
import dev.kvstore.testkit.process.Await;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/**
 * Nodes in containers. Members reach each other over a network of their own, by name; clients reach them over another one, so
 * that they go on asking a node that is cut off from the others. The coordination folder is a volume that all share.
 */
final class ContainerCluster implements AutoCloseable {
    private static final int PEER_PORT_DISTANCE = 10_000;

    /** What Kubernetes gives a pod. */
    private static final int STOP_S = 60;

    private static final Duration FREEZE = Duration.ofSeconds(60);

    private final DockerClient docker = NodeImage.docker();
    private final KvClient probe = new KvClient(Duration.ofSeconds(5));
    private final Map<String, NodeContainer> nodes = new LinkedHashMap<>();
    private final String prefix = "kvstore-test-" + UUID.randomUUID();
    private final List<String> volumes = new ArrayList<>();
    private final String shared;
    private final String network;

    ContainerCluster(String image, int size, Map<String, String> settings) {
        shared = volume("shared");
        network = docker.createNetworkCmd()
                .withName(prefix)
                .withLabels(NodeImage.labels())
                .withInternal(true)
                .exec()
                .getId();
        List<String> names =
                IntStream.rangeClosed(1, size).mapToObj(i -> "node" + i).toList();
        for (String name : names) {
            Map<String, String> all = new LinkedHashMap<>(settings);
            all.put("KVSTORE_HOST", name);
            // as for nodes that are processes
            all.put("JAVA_TOOL_OPTIONS", System.getenv().getOrDefault("KVSTORE_NODE_JVM", ""));
            all.put("KVSTORE_PEERS", peers(names, name));
            nodes.put(name, node(image, name, all));
        }
    }

    private String volume(String name) {
        String volume = prefix + "-" + name;
        docker.createVolumeCmd().withName(volume).withLabels(NodeImage.labels()).exec();
        volumes.add(volume);
        return volume;
    }

    private static String peers(List<String> names, String self) {
        List<String> peers = new ArrayList<>();
        names.stream()
                .filter(name -> !name.equals(self))
                .forEach(name ->
                        peers.add(name + ":" + NodeImage.HTTP_PORT + "/" + (NodeImage.HTTP_PORT + PEER_PORT_DISTANCE)));
        return String.join(",", peers);
    }

    private NodeContainer node(String image, String name, Map<String, String> settings) {
        NodeContainer container = new NodeContainer(image, name, settings) {
            @Override
            protected void containerIsCreated(String id) {
                connect(name, id);
            }
        };
        Bind coordination = Bind.parse(shared + ":/coordination");
        Bind data = Bind.parse(volume(name) + ":/data");
        container.withCreateContainerCmdModifier(
                command -> Objects.requireNonNull(command.getHostConfig()).withBinds(coordination, data));
        return container;
    }

    List<String> names() {
        return List.copyOf(nodes.keySet());
    }

    List<URI> baseUrls() {
        return nodes.values().stream().map(NodeContainer::baseUrl).toList();
    }

    void start() {
        nodes.values().parallelStream().forEach(NodeContainer::start);
    }

    // --- faults ----------------------------------------------------------------------------------------------------

    /** With control groups of version 1, the freezer gives up on a container that is very busy; the caller is to try again. */
    void pause(String name) throws TimeoutException, InterruptedException {
        String[] last = {""};
        Await.until(
                name + " paused",
                FREEZE,
                () -> {
                    try {
                        docker.pauseContainerCmd(id(name)).exec();
                        return true;
                    } catch (InternalServerErrorException e) {
                        last[0] = String.valueOf(e.getMessage());
                        return false;
                    }
                },
                () -> last[0]);
    }

    void resume(String name) {
        docker.unpauseContainerCmd(id(name)).exec();
    }

    void kill(String name) {
        docker.killContainerCmd(id(name)).exec();
    }

    /** Tells a node to stop and waits for its end; the exit code. */
    long stop(String name) {
        docker.stopContainerCmd(id(name)).withTimeout(STOP_S).exec();
        return Objects.requireNonNull(
                docker.inspectContainerCmd(id(name)).exec().getState().getExitCodeLong());
    }

    void startAgain(String name) {
        docker.startContainerCmd(id(name)).exec();
    }

    /** Off the members' network; clients still reach it. */
    void cutOff(String name) {
        docker.disconnectFromNetworkCmd()
                .withNetworkId(network)
                .withContainerId(id(name))
                .withForce(true)
                .exec();
    }

    void connect(String name) {
        connect(name, id(name));
    }

    private void connect(String name, String id) {
        docker.connectToNetworkCmd()
                .withNetworkId(network)
                .withContainerId(id)
                .withContainerNetwork(new ContainerNetwork().withAliases(name))
                .exec();
    }

    // --- questions -------------------------------------------------------------------------------------------------

    /** Waits until every node is ready and says that every partition has all its copies in sync. */
    void awaitInSync(Duration timeout) throws TimeoutException, InterruptedException {
        Map<String, String> said = new LinkedHashMap<>();
        Await.until(
                "every partition in sync",
                timeout,
                () -> {
                    boolean all = true;
                    for (NodeContainer each : nodes.values()) {
                        String answer = state(each);
                        said.put(each.baseUrl().toString(), answer);
                        all &= answer.isEmpty();
                    }
                    return all;
                },
                () -> said + logs());
    }

    private String state(NodeContainer node) throws InterruptedException {
        try {
            Reply ready = probe.getPath(node.baseUrl(), "/q/health/ready");
            JsonNode partitions =
                    probe.getPath(node.baseUrl(), "/v1/cluster").json().path("partitions");
            long total = partitions.path("total").asLong();
            boolean inSync = total > 0 && partitions.path("fullyInSync").asLong() == total;
            return ready.status() == 200 && inSync ? "" : ready.status() + " " + partitions;
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** What each node has logged last. */
    private String logs() {
        StringBuilder all = new StringBuilder();
        nodes.forEach((name, node) -> {
            String log = node.getLogs();
            all.append('\n').append(name).append(": ").append(log.substring(Math.max(0, log.length() - 2_000)));
        });
        return all.toString();
    }

    private String id(String name) {
        InspectContainerResponse known =
                Objects.requireNonNull(nodes.get(name), name).getContainerInfo();
        return known.getId();
    }

    /** Removes everything. */
    @Override
    public void close() {
        probe.close();
        nodes.values().forEach(NodeContainer::stop);
        docker.removeNetworkCmd(network).exec();
        volumes.forEach(volume -> docker.removeVolumeCmd(volume).exec());
    }
}
