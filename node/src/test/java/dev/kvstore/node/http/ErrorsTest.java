package dev.kvstore.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bad input gets a problem document with a stable code, nothing is written, and the node goes on. */
@QuarkusTest
class ErrorsTest extends HttpTest {
    private static final int MAX_VALUE_BYTES = 100_000;

    @Test
    void refusesKeysThatAreNone() throws IOException {
        for (String target : List.of(
                "/v1/keys/",
                "/v1/keys/?ttl=1s",
                "/v1/keys/%",
                "/v1/keys/%2",
                "/v1/keys/a%",
                "/v1/keys/a%4",
                "/v1/keys/%GG",
                "/v1/keys/%4G",
                "/v1/keys/%u0041",
                "/v1/keys/%+1",
                "/v1/keys?key64=",
                "/v1/keys?key64=***",
                "/v1/keys?key64=YQ%2F+",
                "/v1/keys/a?key64=YQ",
                "/v1/keys/?key64=YQ",
                "/v1/cluster/locate/%",
                "/v1/cluster/locate/",
                "/v1/cluster/locate")) {
            assertProblem(inNewConnection("GET", target), 400, "bad-key");
        }
        for (String method : List.of("PUT", "DELETE", "HEAD")) {
            assertThat(inNewConnection(method, "/v1/keys/").status()).isEqualTo(400);
        }
    }

    @Test
    void refusesKeysThatAreTooLarge() throws IOException {
        String largest = "k".repeat(1_024);
        assertThat(put("/v1/keys/" + largest, "x").status()).isEqualTo(201);
        assertThat(http.send("DELETE", "/v1/keys/" + largest).status()).isEqualTo(204);
        String escaped = "%6B".repeat(1_024);
        assertThat(get("/v1/keys/" + escaped).status()).isEqualTo(404);
        assertProblem(inNewConnection("GET", "/v1/keys/" + largest + "k"), 400, "key-too-large");
        assertProblem(inNewConnection("PUT", "/v1/keys/" + escaped + "%6B"), 400, "key-too-large");
    }

    @Test
    void takesLongPositionsAndPrefixes() throws IOException {
        String escaped = "%FF".repeat(1_024);
        assertThat(json(get("/v1/keys?prefix=" + escaped + "&after=" + escaped)).path("keys"))
                .isEmpty();
        assertProblem(get("/v1/keys?prefix=" + escaped + "%FF"), 400, "bad-query");
        assertProblem(get("/v1/keys?after=" + escaped + "%FF"), 400, "bad-query");
    }

    @Test
    void refusesTimesToLiveThatAreNone() throws IOException {
        for (String ttl : List.of(
                "0s",
                "0ms",
                "-5s",
                "PT-5S",
                "PT0S",
                "P0D",
                "30",
                "s",
                "",
                "1.5s",
                "30+s",
                "5w",
                "36526d",
                "P36526D",
                "999999999999999999d",
                "9999999999999999999d",
                "99999999999999999999999999s",
                "1e3s",
                "PT",
                "PT0.0001S",
                "30s%20",
                "forever")) {
            assertProblem(put("/v1/keys/ttl?ttl=" + ttl, "x"), 400, "bad-ttl");
        }
        assertProblem(get("/v1/keys/ttl"), 404, "not-found");
    }

    @Test
    void refusesConditionsThatItCannotKeep() throws IOException {
        for (String header : List.of(
                "If-Match: 7",
                "If-Match: *",
                "If-Match: W/\"7\"",
                "If-Match: \"7\", \"8\"",
                "If-Match: \"07\"",
                "If-Match: \"0\"",
                "If-Match: \"-7\"",
                "If-Match: \"\"",
                "If-Match:",
                "If-Match: \"abc\"",
                "If-Match: \"9223372036854775808\"",
                "If-Match: \"99999999999999999999\"",
                "If-None-Match: \"7\"",
                "If-None-Match: W/\"7\"",
                "If-None-Match: *, *",
                "If-Match: \"7\"\r\nIf-None-Match: *",
                "If-Match: \"7\"\r\nIf-Match: \"8\"")) {
            assertProblem(put("/v1/keys/bad-condition", "x", header), 400, "bad-header");
        }
        assertProblem(get("/v1/keys/bad-condition"), 404, "not-found");
        assertProblem(http.send("DELETE", "/v1/keys/a", "If-None-Match: *"), 400, "bad-header");
        assertProblem(http.send("DELETE", "/v1/keys/a", "If-Match: *"), 400, "bad-header");
        assertProblem(get("/v1/keys/a", "If-Match: \"7\""), 400, "bad-header");
        assertProblem(get("/v1/keys/a", "If-None-Match: *"), 400, "bad-header");
    }

    @Test
    void refusesParametersThatItDoesNotKnow() throws IOException {
        assertProblem(put("/v1/keys/a?tll=30s", "x"), 400, "bad-query");
        assertProblem(inNewConnection("PUT", "/v1/keys/a?ttl=1s&ttl=2s"), 400, "bad-query");
        assertThat(assertProblem(get("/v1/keys/a?ttl=30s"), 400, "bad-query")
                        .path("detail")
                        .asText())
                .contains("'ttl'");
        for (String target : List.of(
                "/v1/keys/a?consistency=strong",
                "/v1/keys/a?x",
                "/v1/keys?limit=0",
                "/v1/keys?limit=1001",
                "/v1/keys?limit=-1",
                "/v1/keys?limit=x",
                "/v1/keys?limit=",
                "/v1/keys?values=yes",
                "/v1/keys?values",
                "/v1/keys?prefix=a&prefix64=YQ",
                "/v1/keys?after64=*",
                "/v1/keys?key=a",
                "/v1/cluster?x=1",
                "/v1/cluster/ring?x=1",
                "/v1/cluster/locate/a?x=1")) {
            assertProblem(get(target), 400, "bad-query");
        }
        assertProblem(inNewConnection("GET", "/v1/keys?prefix=%"), 400, "bad-query");
        assertProblem(inNewConnection("GET", "/v1/keys/a?%zz=1"), 400, "bad-query");
        assertProblem(get("/v1/keys/a"), 404, "not-found");
    }

    @Test
    void refusesValuesThatAreTooLarge() throws IOException {
        assertThat(http.send("PUT", "/v1/keys/large", new byte[MAX_VALUE_BYTES]).status())
                .isEqualTo(201);
        http.send("DELETE", "/v1/keys/large");
        for (int size : List.of(MAX_VALUE_BYTES + 1, 1_000_000, 20_000_000)) {
            try (RawHttp other = connect()) {
                assertProblem(other.send("PUT", "/v1/keys/large", new byte[size]), 413, "value-too-large");
                assertThat(other.closed()).isTrue();
            }
        }
        try (RawHttp other = connect()) {
            other.write("PUT /v1/keys/large HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            String chunk = "8000\r\n" + "x".repeat(0x8000) + "\r\n";
            for (int i = 0; i < 8; i++) {
                other.write(chunk);
            }
            assertProblem(other.read(false), 413, "value-too-large");
            assertThat(other.closed()).isTrue();
        }
        try (RawHttp other = connect()) {
            other.write(
                    "PUT /v1/keys/large HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 100001\r\n\r\n");
            assertProblem(other.read(false), 413, "value-too-large");
        }
        assertProblem(get("/v1/keys/large"), 404, "not-found");
    }

    @Test
    void writesNothingWhenTheBodyIsCutShort() throws IOException {
        for (String start : List.of(
                "Content-Length: 10\r\n\r\nabc",
                "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
                "Transfer-Encoding: chunked\r\n\r\n3\r\nab",
                "Content-Length: 10\r\n\r\n")) {
            try (RawHttp other = connect()) {
                other.write("PUT /v1/keys/short-body HTTP/1.1\r\nHost: x\r\n" + start);
                other.finish();
                assertThat(other.closed()).as(start).isTrue();
            }
        }
        try (RawHttp other = connect()) {
            other.write("PUT /v1/keys/short-body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
            assertThat(other.read(false).status()).isEqualTo(400);
        } catch (java.io.EOFException e) {
            // closing the connection is as good an answer to what is no HTTP
            assertThat(e).hasMessageContaining("closed");
        }
        assertProblem(get("/v1/keys/short-body"), 404, "not-found");
    }

    @Test
    void doesNotWaitForeverForABody() throws IOException {
        try (RawHttp other = connect()) {
            other.write("PUT /v1/keys/late HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
            assertProblem(other.read(false), 408, "body-timeout");
            assertThat(other.closed()).isTrue();
        }
        assertProblem(get("/v1/keys/late"), 404, "not-found");
    }

    @Test
    void saysWhatPathsAndMethodsThereAre() throws IOException {
        for (String path :
                List.of("/", "/v1", "/v1/", "/v2/keys/a", "/v1/key/a", "/v1/keysx", "/v1/cluster/x", "/q/x")) {
            assertProblem(get(path), 404, "no-such-path");
        }
        RawHttp.Response post = http.send("POST", "/v1/keys/a");
        assertProblem(post, 405, "method-not-allowed");
        assertThat(allowed(post)).contains("GET", "HEAD", "PUT", "DELETE");
        RawHttp.Response list = http.send("DELETE", "/v1/keys");
        assertProblem(list, 405, "method-not-allowed");
        assertThat(allowed(list)).contains("GET", "HEAD").doesNotContain("PUT", "DELETE");
        assertProblem(put("/v1/keys", "x"), 405, "method-not-allowed");
        assertProblem(put("/v1/cluster", "x"), 405, "method-not-allowed");
        assertProblem(http.send("PATCH", "/v1/keys/a"), 405, "method-not-allowed");
        assertProblem(get("/v1/cluster", "Accept: image/png"), 406, "bad-request");
    }

    @Test
    void keepsAConnectionInStepAfterARefusal() throws IOException {
        assertProblem(http.send("POST", "/v1/keys/a", new byte[50]), 405, "method-not-allowed");
        assertProblem(put("/v1/keys/a?ttl=x", "some body"), 400, "bad-ttl");
        assertProblem(http.send("POST", "/nothing", new byte[50]), 404, "no-such-path");
        assertProblem(http.send("DELETE", "/v1/keys/a", new byte[50]), 404, "not-found");
        assertProblem(http.send("GET", "/v1/keys/a", new byte[50]), 404, "not-found");
        assertThat(json(get("/v1/keys?limit=1")).has("keys")).isTrue();
    }

    @Test
    void refusesWhatIsNoHttp() throws IOException {
        for (String request : List.of(
                "GET /v1/keys/a b HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /v1/keys/" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /v1/keys/a HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(40_000) + "\r\n\r\n",
                "PUT /v1/keys/a HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
                "PUT /v1/keys/a HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                "nonsense\r\n\r\n")) {
            try (RawHttp other = connect()) {
                other.write(request);
                assertThat(other.read(false).status()).isIn(400, 414, 431, 505);
            }
        }
        assertProblem(get("/v1/keys/a"), 404, "not-found");
    }

    private static RawHttp.Response inNewConnection(String method, String target) throws IOException {
        try (RawHttp other = connect()) {
            return other.send(method, target);
        }
    }

    private static List<String> allowed(RawHttp.Response response) {
        return List.of(String.valueOf(response.header("allow")).split(", *"));
    }
}
