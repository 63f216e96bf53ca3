package dev.kvstore.cli.local;

import dev.kvstore.cli.output.Failure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;

/** Looks whether nodes' ports are free. */
public final class Ports {
    private Ports() {}

    /**
     * Checks the ports that these nodes need.
     *
     * @param fixed the cluster exists, so it cannot move to other ports
     * @throws Failure naming the first that is taken, and what to do
     */
    static void requireFree(List<LocalNode> nodes, boolean fixed) {
        for (LocalNode node : nodes) {
            requireFree(node, node.port(), "HTTP", fixed);
            requireFree(node, node.peerPort(), "the other nodes", fixed);
        }
    }

    private static void requireFree(LocalNode node, int port, String purpose, boolean fixed) {
        if (inUse(port)) {
            String elsewhere = fixed
                    ? "make another cluster beside it:  %s up --data DIR --base-port PORT"
                    : "choose other ports:  %s up --base-port PORT";
            throw Failure.unable(
                    """
                    Port %d, which %s needs for %s, is in use by another program. Nothing was started.
                    See which one it is:  ss -ltnp 'sport = :%d'
                    Then end it, or %s""".formatted(port, node.name(), purpose, port, elsewhere.formatted(Settings.COMMAND)));
        }
    }

    /** Whether somebody listens on this port of the loopback address. */
    public static boolean inUse(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // else connections of a node that just ended would keep the port for a minute
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
