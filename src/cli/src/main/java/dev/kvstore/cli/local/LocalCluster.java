package dev.kvstore.cli.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kvstore.cli.model.Json;
import dev.kvstore.cli.output.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The settings of a cluster on this machine, as its first {@code up} fixed them.
 *
 * @param replication how many copies of each key are wanted
 * @param nodes in the order of their numbers and ports
 */
public record LocalCluster(int replication, List<LocalNode> nodes) {
    /** Marks a data folder as ours: what does not carry it is never deleted. */
    private static final String FORMAT = "kvstore-local-cluster-1";

    private static final int DEFAULT_NODES = 3;
    private static final int DEFAULT_REPLICATION = 2;
    private static final int DEFAULT_BASE_PORT = 8001;
    private static final int MAX_NODES = 32;
    private static final int MAX_REPLICATION = 7;
    private static final int MIN_PORT = 1024;
    private static final int MAX_PORT = 65_535 - LocalNode.PEER_PORT_OFFSET;
    private static final Pattern ZONE = Pattern.compile("[A-Za-z0-9._-]{1,63}");

    /**
     * The cluster that {@code request} asks for, given the one that is there.
     *
     * @throws Failure when it asks for something impossible, or for a change that needs another cluster
     */
    public static LocalCluster plan(Optional<LocalCluster> existing, UpRequest request) {
        check(request);
        return existing.map(cluster -> cluster.grown(request)).orElseGet(() -> fresh(request));
    }

    private static void check(UpRequest request) {
        request.nodes().ifPresent(n -> require(n >= 1 && n <= MAX_NODES, "--nodes is a number from 1 to " + MAX_NODES));
        request.replication()
                .ifPresent(n -> require(
                        n >= 1 && n <= MAX_REPLICATION, "--replication is a number from 1 to " + MAX_REPLICATION));
        request.zones()
                .ifPresent(zones -> require(
                        !zones.isEmpty()
                                && zones.stream().allMatch(z -> ZONE.matcher(z).matches()),
                        "--zones are names of letters, digits, '.', '_' and '-', as in a,b,c"));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw Failure.usage(otherwise + ".");
        }
    }

    private static LocalCluster fresh(UpRequest request) {
        int nodes = request.nodes().orElse(DEFAULT_NODES);
        int basePort = request.basePort().orElse(DEFAULT_BASE_PORT);
        List<LocalNode> fresh = new ArrayList<>();
        for (int index = 0; index < nodes; index++) {
            fresh.add(node(index, basePort, request.zones()));
        }
        return new LocalCluster(request.replication().orElse(DEFAULT_REPLICATION), checkedPorts(fresh));
    }

    private LocalCluster grown(UpRequest request) {
        request.nodes().ifPresent(this::refuseFewer);
        request.basePort().filter(port -> port != basePort()).ifPresent(this::refusePort);
        request.replication().filter(copies -> copies != replication).ifPresent(this::refuseReplication);
        List<LocalNode> grown = new ArrayList<>(nodes);
        for (int index = 0; index < nodes.size(); index++) {
            Optional<String> wanted = request.zones().isPresent() ? zone(index, request.zones()) : zone(index);
            if (!wanted.equals(nodes.get(index).zone())) {
                refuseZones();
            }
        }
        for (int index = nodes.size(); index < request.nodes().orElse(nodes.size()); index++) {
            grown.add(node(index, basePort(), request.zones().or(this::zones)));
        }
        return new LocalCluster(replication, checkedPorts(grown));
    }

    private static LocalNode node(int index, int basePort, Optional<List<String>> zones) {
        return new LocalNode("node" + (index + 1), basePort + index, zone(index, zones));
    }

    private static Optional<String> zone(int index, Optional<List<String>> zones) {
        return zones.map(names -> names.get(index % names.size()));
    }

    private Optional<String> zone(int index) {
        return nodes.get(index).zone();
    }

    /** The zones in use, in the order of the nodes that were first in them. */
    private Optional<List<String>> zones() {
        List<String> zones =
                nodes.stream().flatMap(node -> node.zone().stream()).distinct().toList();
        return Optional.of(zones).filter(names -> !names.isEmpty());
    }

    private static List<LocalNode> checkedPorts(List<LocalNode> nodes) {
        require(
                nodes.getFirst().port() >= MIN_PORT && nodes.getLast().port() <= MAX_PORT,
                "With %d nodes --base-port is a number from %d to %d (each node also takes its port + %d)"
                        .formatted(nodes.size(), MIN_PORT, MAX_PORT - nodes.size() + 1, LocalNode.PEER_PORT_OFFSET));
        return List.copyOf(nodes);
    }

    private void refuseFewer(int wanted) {
        if (wanted < nodes.size()) {
            throw Failure.usage("""
                    This cluster has %d nodes, and 'up' takes none away: what they hold would have to move first.
                    To have them moved:   %s scale %d
                    To stop one of them:  %s stop %s
                    To start afresh:      %s down --wipe   (forgets all keys), then %s up --nodes %d""".formatted(
                            nodes.size(),
                            Settings.COMMAND,
                            wanted,
                            Settings.COMMAND,
                            nodes.getLast().name(),
                            Settings.COMMAND,
                            Settings.COMMAND,
                            wanted));
        }
    }

    private void refusePort(int wanted) {
        throw Failure.usage("""
                This cluster is on ports %d to %d, and its nodes know each other by them.
                For a second cluster:  %s up --data DIR --base-port %d
                To start afresh:       %s down --wipe   (forgets all keys), then %s up --base-port %d""".formatted(
                        basePort(),
                        nodes.getLast().port(),
                        Settings.COMMAND,
                        wanted,
                        Settings.COMMAND,
                        Settings.COMMAND,
                        wanted));
    }

    private void refuseReplication(int wanted) {
        throw Failure.usage("""
                This cluster keeps %d copies of each key, and 'up' does not change that.
                To change it:  %s set replication-factor %d""".formatted(replication, Settings.COMMAND, wanted));
    }

    private static void refuseZones() {
        throw Failure.usage("""
                Nodes of this cluster are in other zones already, and stay in them: leave --zones out, or
                to start afresh:  %s down --wipe   (forgets all keys), then 'up' with the zones""".formatted(Settings.COMMAND));
    }

    /** The same with these nodes. */
    public LocalCluster withNodes(List<LocalNode> others) {
        return new LocalCluster(replication, List.copyOf(others));
    }

    /** The same with this many copies of each key. */
    public LocalCluster withReplication(int copies) {
        return new LocalCluster(copies, nodes);
    }

    /** The first node's port. */
    public int basePort() {
        return nodes.getFirst().port();
    }

    /**
     * The node of this name.
     *
     * @throws Failure when there is none
     */
    public LocalNode named(String name) {
        return nodes.stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Failure.usage("There is no '%s' here. The nodes are %s."
                        .formatted(
                                name,
                                String.join(
                                        ", ",
                                        nodes.stream().map(LocalNode::name).toList()))));
    }

    ObjectNode toJson() {
        ObjectNode json = Json.object().put("format", FORMAT).put("replication", replication);
        var array = json.putArray("nodes");
        for (LocalNode node : nodes) {
            ObjectNode object = array.addObject().put("name", node.name()).put("port", node.port());
            node.zone().ifPresent(zone -> object.put("zone", zone));
        }
        return json;
    }

    static Optional<LocalCluster> of(ObjectNode json) {
        List<LocalNode> nodes = new ArrayList<>();
        json.path("nodes")
                .forEach(node -> nodes.add(new LocalNode(
                        node.path("name").asText(), node.path("port").asInt(), Json.text(node, "zone"))));
        boolean ours = json.path("format").asText().equals(FORMAT)
                && !nodes.isEmpty()
                && nodes.stream().allMatch(n -> n.name().matches("node\\d+") && n.port() > 0);
        return ours
                ? Optional.of(new LocalCluster(json.path("replication").asInt(), List.copyOf(nodes)))
                : Optional.empty();
    }
}
