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
    public static int withOffset(int offset) {
        return neighbours(1, offset);
    }

    /**
     * Neighbouring ports that are free and whose partners at an offset are free as well, for a cluster that counts its nodes'
     * ports up from the first one.
     *
     * @param count how many
     * @param offset how much higher the partners are; 0 for none
     * @return the lowest port
     * @throws IllegalStateException when there are none
     */
    public static synchronized int neighbours(int count, int offset) {
        int range = END_OF_ALL - FIRST - offset - count + 1;
        if (count < 1 || offset < 0 || range <= 0) {
            throw new IllegalArgumentException("no room for " + count + " ports and partners " + offset + " above");
        }
        for (int tried = 0; tried < range; tried++) {
            int port = FIRST + next++ % range;
            if (take(port, count, offset)) {
                return port;
            }
        }
        throw new IllegalStateException("no ports are free between " + FIRST + " and " + END_OF_ALL);
    }

    private static boolean take(int first, int count, int offset) {
        Set<Integer> wanted = new HashSet<>();
        for (int port = first; port < first + count; port++) {
            wanted.add(port);
            wanted.add(port + offset);
        }
        for (int port : wanted) {
            if (TAKEN.contains(port) || !isFree(port)) {
                return false;
            }
        }
        return TAKEN.addAll(wanted);
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
