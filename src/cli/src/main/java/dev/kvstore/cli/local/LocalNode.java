package dev.kvstore.cli.local;

import dev.kvstore.cli.model.NodeAddress;
import java.util.Optional;

/**
 * A node of a cluster on this machine.
 *
 * @param name stable, {@code node1} and so on
 * @param port for HTTP
 * @param zone the zone that it plays to be in, if any
 */
public record LocalNode(String name, int port, Optional<String> zone) {
    /** Nodes talk to each other on their HTTP port plus this. */
    public static final int PEER_PORT_OFFSET = 10_000;

    /** The host of all of them. */
    public static final String HOST = "localhost";

    /** Where it takes HTTP requests. */
    public NodeAddress address() {
        return new NodeAddress(HOST, port);
    }

    /** Where other nodes reach it. */
    public int peerPort() {
        return port + PEER_PORT_OFFSET;
    }
}
