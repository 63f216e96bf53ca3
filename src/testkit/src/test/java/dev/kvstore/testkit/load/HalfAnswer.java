package dev.kvstore.testkit.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/** Answers one request with the given bytes and then says nothing more, with the connection open. */
final class HalfAnswer implements AutoCloseable {

    private final ServerSocket socket;
    private final CountDownLatch closed = new CountDownLatch(1);

    HalfAnswer(String beginning) throws IOException {
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            try (Socket client = socket.accept()) {
                client.getOutputStream().write(beginning.getBytes(StandardCharsets.ISO_8859_1));
                closed.await();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException("a test's server was disturbed", e);
            }
        });
    }

    URI baseUrl() {
        return URI.create("http://localhost:" + socket.getLocalPort());
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        socket.close();
    }
}
