package dev.kvstore.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kvstore.cli.model.Json;
import dev.kvstore.cli.model.Utf8;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingDeque;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for a node: the public HTTP interface over a map, within the test's process. What a real node does beyond that
 * (replication, expiry, limits) is not here; the end-to-end tests run the command line against real nodes.
 */
final class StubNode implements AutoCloseable {
    static final String CLUSTER_ID = "c1";
    private static final int PAGE_LIMIT = 1000;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final StubStore store;
    private final LinkedBlockingDeque<Fault> faults = new LinkedBlockingDeque<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile ObjectNode cluster;

    /** What happens to the next request on a key instead of its answer. */
    sealed interface Fault {
        /** The request is carried out, then the connection is closed. */
        record DropAnswer() implements Fault {}

        /** No answer ever. */
        record Hang() implements Fault {}

        /** A problem document. */
        record Refuse(int status, String code, String detail) implements Fault {}

        /** Something that is no answer of a node. */
        record Page(int status, String body) implements Fault {}
    }

    private StubNode(int port, StubStore store) throws IOException {
        this.store = store;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        cluster = clusterOf(List.of("node1=" + address()), 4);
        server.start();
    }

    static StubNode start(StubStore store) throws IOException {
        return new StubNode(0, store);
    }

    static StubNode start(int port, StubStore store) throws IOException {
        return new StubNode(port, store);
    }

    String address() {
        return "localhost:" + server.getAddress().getPort();
    }

    /** The requests so far, each as {@code METHOD raw-uri}. */
    List<String> requests() {
        return requests;
    }

    void next(Fault fault) {
        faults.add(fault);
    }

    /** What {@code GET /v1/cluster} answers. */
    void cluster(ObjectNode document) {
        cluster = document;
    }

    /** The document of a cluster that is well. {@code members} are {@code name=host:port}. */
    static ObjectNode clusterOf(List<String> members, int partitions) {
        ObjectNode json = Json.object()
                .put("cluster", CLUSTER_ID)
                .put("leader", "node1")
                .put("ringVersion", 42)
                .put("replicationFactor", 2);
        ArrayNode array = json.putArray("members");
        for (String member : members) {
            String[] parts = member.split("=", 2);
            array.addObject()
                    .put("name", parts[0])
                    .put("address", parts[1])
                    .put("zone", "a")
                    .put("state", "up")
                    .put("primaries", 2)
                    .put("replicas", 3)
                    .put("learners", 0)
                    .put("boot", 1);
        }
        json.putObject("partitions")
                .put("total", partitions)
                .put("fullyInSync", partitions)
                .put("withoutPrimary", 0)
                .put("lost", 0);
        return json;
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        String path = exchange.getRequestURI().getRawPath();
        requests.add(method + " " + exchange.getRequestURI());
        byte[] body = exchange.getRequestBody().readAllBytes();
        @Nullable
        Fault fault = path.startsWith("/v1/keys") || path.startsWith("/v1/cluster/locate") ? faults.poll() : null;
        switch (fault) {
            case null -> answer(exchange, path, body);
            case Fault.Hang() -> awaitClose(exchange);
            case Fault.DropAnswer() -> {
                if (method.equals("PUT")) {
                    store.put(keyOf(exchange, "/v1/keys").orElseThrow(), body);
                }
                exchange.close();
            }
            case Fault.Refuse(int status, String code, String detail) -> {
                exchange.getResponseHeaders().set("Retry-After", "1");
                problem(exchange, status, code, detail);
            }
            case Fault.Page(int status, String text) -> send(exchange, status, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private void awaitClose(HttpExchange exchange) {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exchange.close();
    }

    private void answer(HttpExchange exchange, String path, byte[] body) throws IOException {
        if (path.equals("/q/health/ready")) {
            send(exchange, 200, new byte[0]);
        } else if (path.equals("/v1/cluster")) {
            send(exchange, 200, bytes(cluster));
        } else if (path.startsWith("/v1/cluster/locate")) {
            locate(exchange);
        } else if (path.startsWith("/v1/keys")) {
            Optional<byte[]> key = keyOf(exchange, "/v1/keys");
            if (key.isPresent()) {
                onKey(exchange, key.get(), body);
            } else {
                list(exchange);
            }
        } else {
            problem(exchange, 404, "no-such-path", "No such path");
        }
    }

    private void onKey(HttpExchange exchange, byte[] key, byte[] body) throws IOException {
        Optional<StubStore.Entry> entry = store.get(key);
        switch (exchange.getRequestMethod()) {
            case "GET" -> {
                if (entry.isPresent()) {
                    etag(exchange, entry.get().version());
                    send(exchange, 200, entry.get().value());
                } else {
                    problem(exchange, 404, "not-found", "No such key");
                }
            }
            case "PUT" -> {
                if (conditionHolds(exchange, entry)) {
                    etag(exchange, store.put(key, body));
                    send(exchange, entry.isPresent() ? 204 : 201, new byte[0]);
                }
            }
            case "DELETE" -> {
                if (conditionHolds(exchange, entry)) {
                    if (store.delete(key)) {
                        send(exchange, 204, new byte[0]);
                    } else {
                        problem(exchange, 404, "not-found", "No such key");
                    }
                }
            }
            default -> problem(exchange, 405, "method-not-allowed", "Not allowed");
        }
    }

    private static boolean conditionHolds(HttpExchange exchange, Optional<StubStore.Entry> entry) throws IOException {
        @Nullable String match = exchange.getRequestHeaders().getFirst("If-Match");
        boolean absent = "*".equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
        boolean holds = (match == null
                        || entry.filter(e -> match.equals("\"" + e.version() + "\""))
                                .isPresent())
                && !(absent && entry.isPresent());
        if (!holds) {
            entry.ifPresent(e -> etag(exchange, e.version()));
            problem(exchange, 412, "condition-failed", "The condition does not hold");
        }
        return holds;
    }

    private void list(HttpExchange exchange) throws IOException {
        byte[] prefix = parameter(exchange, "prefix").orElse(new byte[0]);
        Optional<byte[]> after = parameter(exchange, "after");
        int limit = parameter(exchange, "limit")
                .map(bytes -> Integer.parseInt(new String(bytes, StandardCharsets.US_ASCII)))
                .orElse(PAGE_LIMIT);
        boolean values = parameter(exchange, "values").isPresent();
        ObjectNode json = Json.object();
        ArrayNode keys = json.putArray("keys");
        byte[] last = new byte[0];
        for (Map.Entry<byte[], StubStore.Entry> entry :
                after.map(store::after).orElseGet(store::all).entrySet()) {
            byte[] key = entry.getKey();
            if (key.length < prefix.length || !Arrays.equals(prefix, 0, prefix.length, key, 0, prefix.length)) {
                continue;
            }
            if (keys.size() == limit) {
                text(json, "next", last);
                break;
            }
            ObjectNode item = keys.addObject();
            text(item, "key", key);
            item.put("version", entry.getValue().version());
            if (values) {
                text(item, "value", entry.getValue().value());
            }
            last = key;
        }
        send(exchange, 200, bytes(json));
    }

    private static void text(ObjectNode json, String member, byte[] bytes) {
        Utf8.decode(bytes)
                .ifPresentOrElse(
                        text -> json.put(member, text),
                        () -> json.put(
                                member + "64",
                                Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)));
    }

    private static void locate(HttpExchange exchange) throws IOException {
        ObjectNode json = Json.object();
        text(json, "key", keyOf(exchange, "/v1/cluster/locate").orElseThrow());
        json.put("slot", 1234).put("partition", 9).put("epoch", 3).put("primary", "node2");
        json.putArray("inSync").add("node2").add("node3");
        json.putArray("replicas").add("node2").add("node3");
        send(exchange, 200, bytes(json));
    }

    private static Optional<byte[]> keyOf(HttpExchange exchange, String base) {
        String path = exchange.getRequestURI().getRawPath();
        return path.length() > base.length()
                ? Optional.of(unescape(path.substring(base.length() + 1)))
                : parameter(exchange, "key64").map(Base64.getUrlDecoder()::decode);
    }

    private static Optional<byte[]> parameter(HttpExchange exchange, String name) {
        @Nullable String query = exchange.getRequestURI().getRawQuery();
        return query == null
                ? Optional.empty()
                : Arrays.stream(query.split("&"))
                        .filter(parameter -> parameter.startsWith(name + "="))
                        .map(parameter -> unescape(parameter.substring(name.length() + 1)))
                        .findFirst();
    }

    private static byte[] unescape(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '%') {
                bytes.write(Integer.parseInt(text.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                bytes.write(text.charAt(i));
            }
        }
        return bytes.toByteArray();
    }

    private static void etag(HttpExchange exchange, long version) {
        exchange.getResponseHeaders().set("ETag", "\"" + version + "\"");
    }

    private static void problem(HttpExchange exchange, int status, String code, String detail) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/problem+json");
        send(
                exchange,
                status,
                bytes(Json.object()
                        .put("type", "about:blank")
                        .put("title", code)
                        .put("status", status)
                        .put("detail", detail)
                        .put("code", code)));
    }

    private static byte[] bytes(ObjectNode json) {
        return Json.line(json).getBytes(StandardCharsets.UTF_8);
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        try (exchange) {
            exchange.getResponseBody().write(body);
        }
    }
}
