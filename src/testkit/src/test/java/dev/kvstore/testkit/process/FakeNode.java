package dev.kvstore.testkit.process;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A program that starts, answers and ends like a node, and does nothing else. It says what it was started with. */
final class FakeNode {

    private FakeNode() {}

    /** Runs until killed; becomes ready, and then in sync, when asked often enough. */
    public static void main(String[] args) throws IOException {
        System.out.println("started with " + String.join(" ", args));
        if (List.of(args).contains("--fail")) {
            System.out.println("cannot start");
            System.exit(3);
        }
        int port = Integer.parseInt(args[2]);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        AtomicInteger readyAsked = new AtomicInteger();
        AtomicInteger clusterAsked = new AtomicInteger();
        answer(server, "/q/health/ready", () -> readyAsked.incrementAndGet() < 3 ? 503 : 200, () -> "{}");
        answer(server, "/v1/cluster", () -> 200, () -> {
            int inSync = clusterAsked.incrementAndGet() < 3 ? 7 : 8;
            return "{\"leader\": \"node1\", \"partitions\": {\"total\": 8, \"fullyInSync\": %d}}".formatted(inSync);
        });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("goodbye")));
        server.start();
        System.out.println("listening on " + port);
    }

    private static void answer(
            HttpServer server,
            String path,
            java.util.function.IntSupplier status,
            java.util.function.Supplier<String> body) {
        server.createContext(path, exchange -> {
            try (exchange) {
                byte[] bytes = body.get().getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(status.getAsInt(), bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        });
    }
}
