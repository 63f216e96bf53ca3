package dev.kvstore.testkit.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** Answers every request with the same bytes, or with none, and closes the connection or leaves it open. */
final class RawServer implements AutoCloseable {

    private final ServerSocket socket;
    private final BlockingQueue<String> requestHeads = new LinkedBlockingQueue<>();
    private final @Nullable String answer;

    /** A server that gives this answer and hangs up; one that never answers when there is none. */
    RawServer(@Nullable String answer) throws IOException {
        this.answer = answer;
        this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::acceptAll);
    }

    URI baseUrl() {
        return URI.create("http://localhost:" + socket.getLocalPort());
    }

    /** The first line of each request, then its headers. */
    BlockingQueue<String> requestHeads() {
        return requestHeads;
    }

    private void acceptAll() {
        while (!socket.isClosed()) {
            try {
                serve(socket.accept());
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void serve(Socket client) throws IOException {
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
        StringBuilder head = new StringBuilder();
        for (String line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
            head.append(line).append('\n');
        }
        requestHeads.add(head.toString());
        if (answer != null) {
            client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
            client.getOutputStream().flush();
            client.close();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
