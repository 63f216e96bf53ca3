package dev.kvstore.testkit.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;

/**
 * Ports of the loopback address that nobody listens on. They lie below the range from which the system takes the local ports
 * of outgoing connections (32768 on Linux), so that none is taken between being found and being used, and no port is given
 * out twice by one process.
 */
public final class FreePorts {

    private static final int FIRST = 11_000;
    private static final int END_OF_ALL = 32_768;

    private static final Set<Integer> TAKEN = new HashSet<>();

    // processes that look for ports at the same time should begin at different places
    private static int next = Math.floorMod(ProcessHandle.current().pid() * 97, END_OF_ALL - FIRST);

    private FreePorts() {}

    /**
     * A free port.
     *
     * @return the port
     * @throws IllegalStateException when there is none
     */
    public static int one() {
        return withOffset(0);
    }

    /**
     * A port that is free and whose partner at an offset is free as well, for a node with two ports.
     *
     * @param offset how much higher the partner is; 0 for none
     * @return the lower port
     * @throws IllegalStateException when there is none
     */
    public static synchronized int withOffset(int offset) {
        int range = END_OF_ALL - FIRST - offset;
        if (offset < 0 || range <= 0) {
            throw new IllegalArgumentException("no room for a partner " + offset + " above");
        }
        for (int tried = 0; tried < range; tried++) {
            int port = FIRST + next++ % range;
            if (take(port, port + offset)) {
                return port;
            }
        }
        throw new IllegalStateException("no port is free between " + FIRST + " and " + END_OF_ALL);
    }

    private static boolean take(int port, int partner) {
        if (TAKEN.contains(port) || TAKEN.contains(partner) || !isFree(port) || !isFree(partner)) {
            return false;
        }
        TAKEN.add(port);
        TAKEN.add(partner);
        return true;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException _) {
            // somebody listens there, which is the answer that was asked for
            return false;
        }
    }
}
