package dev.kvstore.node;

import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command line of a node. What is given here goes before every other configuration. */
@Command(
        name = "node",
        mixinStandardHelpOptions = true,
        usageHelpWidth = 100,
        description = "Runs one node of a cluster in the foreground. Without arguments it takes everything from system"
                + " properties and environment variables (kvstore.name or KVSTORE_NAME, and so on).")
final class NodeArguments implements Runnable {
    @Parameters(index = "0", paramLabel = "NAME", description = "stable name of this node, for example node1")
    private String name = "";

    @Parameters(
            index = "1",
            paramLabel = "HOST",
            description = "host under which others reach this node, and on which it listens unless --bind is given")
    private String host = "";

    @Parameters(index = "2", paramLabel = "PORT", description = "port for clients (HTTP)")
    private int port;

    @Parameters(
            index = "3",
            arity = "0..1",
            paramLabel = "PEERS",
            split = ",",
            description = "other nodes as host:port,host:port with their ports for clients; none for a cluster of one")
    private @Nullable List<String> peers;

    @Option(names = "--data", paramLabel = "DIR", description = "folder of this node's data (.kvstore/NAME)")
    private @Nullable String data;

    @Option(
            names = "--coordination",
            paramLabel = "DIR",
            description = "folder that all nodes of the cluster share (.kvstore/coordination)")
    private @Nullable String coordination;

    @Option(names = "--zone", paramLabel = "ZONE", description = "failure zone of this node")
    private @Nullable String zone;

    @Option(names = "--bind", paramLabel = "ADDRESS", description = "address to listen on, if not HOST")
    private @Nullable String bind;

    @Option(names = "--peer-port", paramLabel = "PORT", description = "port for other nodes (PORT + 10000)")
    private @Nullable Integer peerPort;

    @Option(names = "--replication", paramLabel = "N", description = "copies of each partition of a new cluster (2)")
    private @Nullable Integer replication;

    @Option(names = "--partitions", paramLabel = "N", description = "partitions of a new cluster (128)")
    private @Nullable Integer partitions;

    @Option(
            names = "--members",
            paramLabel = "N",
            description = "nodes that a new cluster waits for (this one and its peers)")
    private @Nullable Integer members;

    @Option(
            names = "--protocol",
            paramLabel = "N",
            description = "newest version of the protocol between nodes to speak (the newest that it knows)")
    private @Nullable Integer protocol;

    @Option(
            names = "--refill",
            description = "throw the data of this node away and be filled from the other copies: for a damaged store")
    private boolean refill;

    @Override
    public void run() {
        // what was parsed is all that is wanted
    }

    /** Hands what was given over as configuration. */
    void configure(BiConsumer<String, String> property) {
        property.accept("kvstore.name", name);
        property.accept("kvstore.host", host);
        property.accept("kvstore.port", Integer.toString(port));
        given(property, "kvstore.peers", peers == null ? null : String.join(",", peers));
        given(property, "kvstore.data", data);
        given(property, "kvstore.coordination", coordination);
        given(property, "kvstore.zone", zone);
        given(property, "kvstore.bind", bind);
        given(property, "kvstore.peer-port", peerPort);
        given(property, "kvstore.replication-factor", replication);
        given(property, "kvstore.partitions", partitions);
        given(property, "kvstore.members", members);
        given(property, "kvstore.protocol", protocol);
        given(property, "kvstore.refill", refill ? "true" : null);
    }

    private static void given(BiConsumer<String, String> property, String key, @Nullable Object value) {
        if (value != null && !value.toString().isEmpty()) {
            property.accept(key, value.toString());
        }
    }
}
