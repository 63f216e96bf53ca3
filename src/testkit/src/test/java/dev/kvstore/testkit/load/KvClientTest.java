package dev.kvstore.testkit.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvstore.testkit.history.Condition;
import dev.kvstore.testkit.history.Operation;
import dev.kvstore.testkit.history.Outcome;
import dev.kvstore.testkit.process.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KvClientTest {

    private static final Operation PUT = Operation.put("k", "v");
    private static final Operation GET = Operation.get("k");
    private static final Operation DELETE = Operation.delete("k");

    private final KvClient client = new KvClient(Duration.ofSeconds(10));

    @AfterEach
    void closeClient() {
        client.close();
    }

    private Outcome outcomeOf(Operation operation, @Nullable String rawAnswer) throws IOException {
        try (RawServer server = new RawServer(rawAnswer)) {
            return client.execute(server.baseUrl(), operation);
        }
    }

    private static String answer(int status, String headers, String body) {
        return "HTTP/1.1 " + status + " x\r\nContent-Length: " + body.length() + "\r\n" + headers + "\r\n" + body;
    }

    private static String problem(int status, String code) {
        return answer(status, "Content-Type: application/problem+json\r\n", "{\"code\":\"" + code + "\"}");
    }

    @Test
    void readsWritesAndDeletes() throws IOException {
        try (RegisterServer server = new RegisterServer()) {
            URI node = server.baseUrl();
            assertThat(client.execute(node, GET)).isEqualTo(new Outcome.NotFound());
            assertThat(client.execute(node, DELETE)).isEqualTo(new Outcome.NotFound());
            assertThat(client.execute(node, PUT)).isEqualTo(new Outcome.Created(1));
            assertThat(client.execute(node, PUT)).isEqualTo(new Outcome.Replaced(2));
            assertThat(client.execute(node, GET)).isEqualTo(new Outcome.Value("v", 2));
            assertThat(client.execute(node, Operation.put("k", "w", Condition.IF_ABSENT)))
                    .isEqualTo(Outcome.conditionFailedAt(2));
            assertThat(client.execute(node, Operation.put("k", "w", Condition.ifVersion(2))))
                    .isEqualTo(new Outcome.Replaced(3));
            assertThat(client.execute(node, Operation.put("other", "w", Condition.ifVersion(2))))
                    .isEqualTo(Outcome.conditionFailedAbsent());
            assertThat(client.execute(node, Operation.delete("k", Condition.ifVersion(2))))
                    .isEqualTo(Outcome.conditionFailedAt(3));
            assertThat(client.execute(node, DELETE)).isEqualTo(new Outcome.Deleted());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503, 507})
    void anAnswerThatPromisesThatNothingWasWrittenIsARefusal(int status) throws IOException {
        assertThat(outcomeOf(PUT, problem(status, "why"))).isEqualTo(new Outcome.Refused(status + " why"));
        assertThat(outcomeOf(DELETE, problem(status, "why"))).isInstanceOf(Outcome.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 504})
    void anAnswerThatPromisesNothingLeavesTheOutcomeUnknown(int status) throws IOException {
        assertThat(outcomeOf(PUT, problem(status, "why"))).isEqualTo(new Outcome.Unknown(status + " why"));
    }

    @Test
    void aConnectionThatNeverStoodIsARefusal() {
        URI nobody = URI.create("http://localhost:" + FreePorts.one());

        assertThat(client.execute(nobody, PUT)).isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void aConnectionThatBreaksAfterTheRequestLeavesTheOutcomeUnknown() throws IOException {
        assertThat(outcomeOf(PUT, "")).isInstanceOf(Outcome.Unknown.class);
        assertThat(outcomeOf(DELETE, "HTTP/1.1 20")).isInstanceOf(Outcome.Unknown.class);
        assertThat(outcomeOf(GET, "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Length: 5\r\n\r\nab"))
                .isInstanceOf(Outcome.Unknown.class);
    }

    @Test
    void aWriteIsNeverSentTwice() throws IOException {
        try (RawServer server = new RawServer("")) {
            client.execute(server.baseUrl(), PUT);

            assertThat(server.requestHeads()).hasSize(1);
        }
    }

    @Test
    void anAnswerThatDoesNotComeLeavesTheOutcomeUnknown() throws IOException {
        try (KvClient impatient = new KvClient(Duration.ofMillis(300));
                RawServer silent = new RawServer(null)) {
            assertThat(impatient.execute(silent.baseUrl(), PUT)).isInstanceOf(Outcome.Unknown.class);
        }
    }

    @Test
    void aBodyThatDoesNotComeLeavesTheOutcomeUnknown() throws IOException {
        try (KvClient impatient = new KvClient(Duration.ofMillis(300));
                HalfAnswer halting = new HalfAnswer("HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Length: 5\r\n\r\nab")) {
            assertThat(impatient.execute(halting.baseUrl(), GET)).isInstanceOf(Outcome.Unknown.class);
        }
    }

    @Test
    void anInterruptedCallerKeepsItsFlagAndHasAnUnknownOutcome() throws IOException {
        try (RawServer silent = new RawServer(null)) {
            Thread.currentThread().interrupt();
            Outcome outcome = client.execute(silent.baseUrl(), PUT);

            assertThat(Thread.interrupted()).isTrue();
            assertThat(outcome).isInstanceOf(Outcome.Unknown.class);
        }
    }

    @Test
    void reportsAnswersThatTheInterfaceDoesNotKnow() {
        assertThatThrownBy(() -> outcomeOf(PUT, problem(400, "bad-key")))
                .isInstanceOf(UnexpectedReplyException.class)
                .hasMessageContaining("bad-key");
        assertThatThrownBy(() -> outcomeOf(GET, problem(404, "no-such-path")))
                .isInstanceOf(UnexpectedReplyException.class);
        assertThatThrownBy(() -> outcomeOf(PUT, answer(201, "", ""))).isInstanceOf(UnexpectedReplyException.class);
        assertThatThrownBy(() -> outcomeOf(PUT, answer(201, "ETag: \"x\"\r\n", "")))
                .isInstanceOf(UnexpectedReplyException.class);
    }

    @Test
    void sendsKeyTtlAndConditionsAsTheInterfaceSays() throws Exception {
        try (RawServer server = new RawServer("")) {
            client.execute(
                    server.baseUrl(), new Operation.Put("a//..\u00e4;+ b/", "v", 30_000, Condition.ifVersion(7)));
            assertThat(server.requestHeads().take())
                    .startsWith("PUT /v1/keys/a%2F%2F%2E%2E%C3%A4%3B%2B%20b%2F?ttl=30s HTTP/1.1\n")
                    .contains("If-Match: \"7\"");

            client.execute(server.baseUrl(), new Operation.Put("..", "v", 1_500, Condition.IF_ABSENT));
            assertThat(server.requestHeads().take())
                    .startsWith("PUT /v1/keys/%2E%2E?ttl=1500ms HTTP/1.1\n")
                    .contains("If-None-Match: *");
        }
    }

    @Test
    void asksForStaleReadsAndNamesKeysInBase64AsTheInterfaceSays() throws Exception {
        try (RawServer server = new RawServer(problem(404, "not-found"));
                KvClient by64 = new KvClient(Duration.ofSeconds(10), KvClient.KeyAddressing.KEY64)) {
            client.execute(server.baseUrl(), Operation.staleGet("k"));
            assertThat(server.requestHeads().take()).startsWith("GET /v1/keys/k?consistency=stale HTTP/1.1\n");

            by64.execute(server.baseUrl(), Operation.staleGet("k?"));
            assertThat(server.requestHeads().take()).startsWith("GET /v1/keys?key64=az8&consistency=stale HTTP/1.1\n");
        }
    }

    @Test
    void aFreshClientAsksForAConnectionOfItsOwn() throws Exception {
        try (RawServer server = new RawServer(problem(503, "no-primary"));
                KvClient fresh =
                        new KvClient(Duration.ofSeconds(5), KvClient.KeyAddressing.PATH, KvClient.Connections.FRESH)) {
            fresh.execute(server.baseUrl(), GET);
            client.execute(server.baseUrl(), GET);
            assertThat(server.requestHeads().take()).containsIgnoringCase("connection: close");
            assertThat(server.requestHeads().take()).doesNotContainIgnoringCase("connection: close");
        }
    }

    @Test
    void encodesEveryByteOfAKey() {
        byte[] every = new byte[256];
        for (int i = 0; i < every.length; i++) {
            every[i] = (byte) i;
        }
        assertThat(Bytes.of(every).toPercentEncoded()).startsWith("%00%01").endsWith("%FE%FF");
        assertThat(Bytes.ofBase64Url(Bytes.of(every).toBase64Url())).isEqualTo(Bytes.of(every));
    }

    @Test
    void scansPageAfterPage() throws Exception {
        try (RegisterServer server = new RegisterServer()) {
            for (int i = 0; i < 8; i++) {
                client.execute(server.baseUrl(), Operation.put("k" + i, "v" + i));
            }

            assertThat(client.scan(server.baseUrl(), Bytes.of("")))
                    .hasSize(8)
                    .containsEntry("k7", new Outcome.Value("v7", 8));
        }
    }

    @Test
    void scansKeysAndValuesThatAreNoText() throws Exception {
        String page = "{\"keys\": [{\"key64\": \"_w\", \"version\": 3, \"value64\": \"_v8\"}]}";
        try (RawServer server = new RawServer(answer(200, "Content-Type: application/json\r\n", page))) {
            assertThat(client.scan(server.baseUrl(), Bytes.of("")))
                    .containsExactlyEntriesOf(Map.of("base64:_w", new Outcome.Value("base64:_v8", 3)));
        }
    }

    @Test
    void aScanThatIsRefusedIsNoEmptyScan() throws IOException {
        try (RawServer server = new RawServer(problem(507, "disk-full"))) {
            assertThatThrownBy(() -> client.scan(server.baseUrl(), Bytes.of("")))
                    .isInstanceOf(UnexpectedReplyException.class);
        }
    }
}
