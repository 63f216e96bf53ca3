package dev.kvstore.e2e.coordination;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A port that leads to another one, and that can be taken away: connections break, and new ones are refused. */
final class Forwarder implements AutoCloseable {
    private static final int BACKLOG = 64;

    private final String targetHost;
    private final int targetPort;
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private ServerSocket server;

    Forwarder(String targetHost, int targetPort) throws IOException {
        this.targetHost = targetHost;
        this.targetPort = targetPort;
        this.server = listen(0);
        this.port = server.getLocalPort();
    }

    int port() {
        return port;
    }

    /** Takes the port away. */
    void interrupt() throws IOException {
        server.close();
        for (Socket each : open) {
            each.close();
        }
    }

    /** Gives it back. */
    void resume() throws IOException {
        server = listen(port);
    }

    private ServerSocket listen(int at) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), BACKLOG);
        Thread.ofVirtual().start(() -> accept(socket));
        return socket;
    }

    private void accept(ServerSocket socket) {
        try {
            while (true) {
                Socket near = socket.accept();
                open.add(near);
                Thread.ofVirtual().start(() -> connect(near));
            }
        } catch (IOException e) {
            if (!socket.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void connect(Socket near) {
        try {
            Socket far = new Socket(targetHost, targetPort);
            open.add(far);
            Thread.ofVirtual().start(() -> copy(near, far));
            copy(far, near);
        } catch (IOException targetIsAway) {
            open.remove(near);
            close(near);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // the other direction ends with this one
            open.remove(to);
        } finally {
            open.remove(from);
        }
    }

    @Override
    public void close() {
        try {
            interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
