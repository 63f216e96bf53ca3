package dev.kvstore.testkit.bench.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kvstore.testkit.bench.load.Kind;
import dev.kvstore.testkit.bench.load.Store;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpStoreTest {
    private static final int VALUE_BYTES = 10;
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private HttpServer server;
    private volatile int status = 200;
    private volatile byte[] answer = {};

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    @AfterEach
    void end() {
        server.stop(0);
    }

    @Test
    void ownStoreIsSpokenToByItsInterface() throws Exception {
        try (Store store = HttpStore.kvstore("own", List.of(url()), 1, VALUE_BYTES, TIMEOUT, List.of())) {
            status = 204;
            assertThat(ask(store, Kind.PUT)).isEmpty();
            status = 200;
            answer = new byte[VALUE_BYTES];
            assertThat(ask(store, Kind.GET)).isEmpty();
            assertThat(requests).containsExactly("PUT /v1/keys/a%2Fb 10", "GET /v1/keys/a%2Fb 0");
        }
    }

    @Test
    void aRefusalAndAWrongValueAreFailures() throws Exception {
        try (Store store = HttpStore.kvstore("own", List.of(url()), 1, VALUE_BYTES, TIMEOUT, List.of())) {
            status = 503;
            answer = "try again".getBytes(StandardCharsets.UTF_8);
            assertThat(ask(store, Kind.PUT)).contains("503").contains("try again");
            status = 200;
            assertThat(ask(store, Kind.GET)).contains("9 bytes");
        }
    }

    @Test
    void theGatewayGetsJsonWithBase64() throws Exception {
        try (Store store = HttpStore.etcdGateway("etcd", List.of(url()), 1, VALUE_BYTES, TIMEOUT, List.of())) {
            assertThat(ask(store, Kind.PUT)).isEmpty();
            answer = "{\"kvs\":[{\"key\":\"YS9i\",\"value\":\"AAAAAAAAAAAAAA==\"}]}".getBytes(StandardCharsets.UTF_8);
            assertThat(ask(store, Kind.GET)).isEmpty();
            answer = "{\"header\":{\"cluster_id\":\"1\",\"member_id\":\"2\"}}".getBytes(StandardCharsets.UTF_8);
            assertThat(ask(store, Kind.GET)).contains("GET was answered 200");
            assertThat(requests.peek()).startsWith("POST /v3/kv/put ");
        }
    }

    @Test
    void aNodeThatIsAwayIsAFailureAndNoEnd() throws Exception {
        URI url = url();
        server.stop(0);
        try (Store store = HttpStore.kvstore("own", List.of(url), 1, VALUE_BYTES, TIMEOUT, List.of())) {
            assertThat(ask(store, Kind.GET)).contains("no connection");
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), url.getPort()), 0);
            server.createContext("/", this::handle);
            server.start();
            answer = new byte[VALUE_BYTES];
            assertThat(ask(store, Kind.GET)).isEmpty();
        }
    }

    private static String ask(Store store, Kind kind) throws Exception {
        CompletableFuture<String> answered = new CompletableFuture<>();
        store.begin(kind, 0, "a/b", failure -> answered.complete(failure == null ? "" : failure));
        return answered.get(1, TimeUnit.MINUTES);
    }

    private URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        int body = exchange.getRequestBody().readAllBytes().length;
        requests.add(
                exchange.getRequestMethod() + " " + exchange.getRequestURI().getRawPath() + " " + body);
        byte[] content = answer;
        exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
        if (content.length > 0) {
            exchange.getResponseBody().write(content);
        }
        exchange.close();
    }
}
