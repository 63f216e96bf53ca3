package dev.kvstore.testkit.load;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** The HTTP interface over a map in memory, without expiry: one node that is always right. */
final class RegisterServer implements AutoCloseable {

    private record Entry(String value, long version) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final TreeMap<String, Entry> entries = new TreeMap<>();
    private long sequence;

    RegisterServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/v1/keys", this::handle);
        server.start();
    }

    URI baseUrl() {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            synchronized (this) {
                String path = exchange.getRequestURI().getRawPath();
                String query = exchange.getRequestURI().getRawQuery();
                if (path.equals("/v1/keys") && (query == null || !query.startsWith("key64="))) {
                    list(exchange, query == null ? "" : query);
                } else {
                    String key = path.equals("/v1/keys") ? query + "" : path.substring("/v1/keys/".length());
                    one(exchange, key.replaceFirst("&.*", ""), body);
                }
            }
        }
    }

    private void one(HttpExchange exchange, String key, String body) throws IOException {
        Entry entry = entries.get(key);
        String ifMatch = exchange.getRequestHeaders().getFirst("If-Match");
        String ifNoneMatch = exchange.getRequestHeaders().getFirst("If-None-Match");
        boolean failed = (ifMatch != null && (entry == null || !ifMatch.equals(etag(entry))))
                || (ifNoneMatch != null && entry != null);
        switch (exchange.getRequestMethod()) {
            case "GET" -> {
                if (entry == null) {
                    problem(exchange, 404, "not-found");
                } else {
                    answer(exchange, 200, entry, entry.value());
                }
            }
            case "PUT" -> {
                if (failed) {
                    conditionFailed(exchange, entry);
                } else {
                    Entry written = new Entry(body, ++sequence);
                    entries.put(key, written);
                    answer(exchange, entry == null ? 201 : 204, written, "");
                }
            }
            case "DELETE" -> {
                if (entry == null) {
                    problem(exchange, 404, "not-found");
                } else if (failed) {
                    conditionFailed(exchange, entry);
                } else {
                    entries.remove(key);
                    sequence++;
                    answer(exchange, 204, null, "");
                }
            }
            default -> problem(exchange, 405, "method-not-allowed");
        }
    }

    private void list(HttpExchange exchange, String query) throws IOException {
        String after = query.contains("&after=") ? query.replaceFirst(".*&after=", "") : "";
        StringBuilder json = new StringBuilder("{\"keys\": [");
        int shown = 0;
        for (Map.Entry<String, Entry> entry : entries.tailMap(after, false).entrySet()) {
            json.append(shown++ == 0 ? "" : ",")
                    .append("{\"key\": \"%s\", \"version\": %d, \"value\": \"%s\"}"
                            .formatted(
                                    entry.getKey(),
                                    entry.getValue().version(),
                                    entry.getValue().value()));
            if (shown == 3 && !entry.getKey().equals(entries.lastKey())) {
                json.append("], \"next\": \"").append(entry.getKey()).append("\"}");
                answer(exchange, 200, null, json.toString());
                return;
            }
        }
        answer(exchange, 200, null, json.append("]}").toString());
    }

    private static void conditionFailed(HttpExchange exchange, @Nullable Entry entry) throws IOException {
        if (entry != null) {
            exchange.getResponseHeaders().set("ETag", etag(entry));
        }
        problem(exchange, 412, "condition-failed");
    }

    private static void problem(HttpExchange exchange, int status, String code) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/problem+json");
        answer(exchange, status, null, "{\"code\": \"" + code + "\"}");
    }

    private static void answer(HttpExchange exchange, int status, @Nullable Entry entry, String body)
            throws IOException {
        if (entry != null) {
            exchange.getResponseHeaders().set("ETag", etag(entry));
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, status == 204 || bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(status == 204 ? new byte[0] : bytes);
    }

    private static String etag(Entry entry) {
        return "\"" + entry.version() + "\"";
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        threads.close();
    }
}
