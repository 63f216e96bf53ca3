package dev.kvstore.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Reading, writing and removing one key, as clients see it. */
@QuarkusTest
class KeyCallsTest extends HttpTest {
    @Test
    void createsOverwritesReadsAndRemoves() throws IOException {
        RawHttp.Response created = put("/v1/keys/calls", "one");
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("etag")).matches("\"[1-9][0-9]*\"");
        RawHttp.Response replaced = put("/v1/keys/calls", "two");
        assertThat(replaced.status()).isEqualTo(204);
        assertThat(version(replaced)).isGreaterThan(version(created));

        RawHttp.Response read = get("/v1/keys/calls");
        assertThat(read.status()).isEqualTo(200);
        assertThat(read.text()).isEqualTo("two");
        assertThat(read.header("etag")).isEqualTo(replaced.header("etag"));
        assertThat(read.header("content-type")).isEqualTo("application/octet-stream");
        assertThat(read.header("content-length")).isEqualTo("3");

        RawHttp.Response head = http.send("HEAD", "/v1/keys/calls");
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("etag")).isEqualTo(replaced.header("etag"));
        assertThat(head.header("content-length")).isEqualTo("3");
        assertThat(get("/v1/keys/calls?consistency=stale").text()).isEqualTo("two");

        assertThat(http.send("DELETE", "/v1/keys/calls").status()).isEqualTo(204);
        assertProblem(get("/v1/keys/calls"), 404, "not-found");
        assertProblem(http.send("DELETE", "/v1/keys/calls"), 404, "not-found");
        assertThat(http.send("HEAD", "/v1/keys/calls").status()).isEqualTo(404);
    }

    @Test
    void keepsBytesAsTheyAre() throws IOException {
        byte[] value = new byte[100_000];
        new Random(7).nextBytes(value);
        assertThat(http.send("PUT", "/v1/keys/bytes", value).status()).isEqualTo(201);
        assertThat(get("/v1/keys/bytes").body()).isEqualTo(value);
        assertThat(http.send("PUT", "/v1/keys/bytes", new byte[0]).status()).isEqualTo(204);
        RawHttp.Response empty = get("/v1/keys/bytes");
        assertThat(empty.status()).isEqualTo(200);
        assertThat(empty.body()).isEmpty();
        assertThat(empty.header("content-length")).isEqualTo("0");
        http.send("DELETE", "/v1/keys/bytes");
    }

    @Test
    void doesNotCareForMediaTypes() throws IOException {
        assertThat(put("/v1/keys/media", "{}", "Content-Type: application/json").status())
                .isEqualTo(201);
        RawHttp.Response read = get("/v1/keys/media", "Accept: text/html");
        assertThat(read.status()).isEqualTo(200);
        assertThat(read.header("content-type")).isEqualTo("application/octet-stream");
        assertThat(put("/v1/keys/media", "a=b", "Content-Type: application/x-www-form-urlencoded")
                        .status())
                .isEqualTo(204);
        assertThat(get("/v1/keys/media").text()).isEqualTo("a=b");
        http.send("DELETE", "/v1/keys/media");
    }

    @Test
    void takesBodiesInChunks() throws IOException {
        http.write("PUT /v1/keys/chunks HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
        http.write("4\r\ndefg\r\n0\r\n\r\n");
        assertThat(http.read(false).status()).isEqualTo(201);
        assertThat(get("/v1/keys/chunks").text()).isEqualTo("abcdefg");
        http.send("DELETE", "/v1/keys/chunks");
    }

    @Test
    void invitesABodyThatWaitsForIt() throws IOException {
        http.write("PUT /v1/keys/expect HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
        assertThat(http.read(true).status()).isEqualTo(100);
        http.write("abc");
        assertThat(http.read(false).status()).isEqualTo(201);
        assertThat(get("/v1/keys/expect").text()).isEqualTo("abc");
        http.send("DELETE", "/v1/keys/expect");
    }

    @Test
    void writesOnlyWhereTheConditionHolds() throws IOException {
        RawHttp.Response created = put("/v1/keys/condition", "one", "If-None-Match: *");
        assertThat(created.status()).isEqualTo(201);
        RawHttp.Response again = put("/v1/keys/condition", "two", "If-None-Match: *");
        assertProblem(again, 412, "condition-failed");
        assertThat(again.header("etag")).isEqualTo(created.header("etag"));

        RawHttp.Response replaced = put("/v1/keys/condition", "two", "If-Match: " + created.header("etag"));
        assertThat(replaced.status()).isEqualTo(204);
        RawHttp.Response late = put("/v1/keys/condition", "three", "If-Match: " + created.header("etag"));
        assertProblem(late, 412, "condition-failed");
        assertThat(late.header("etag")).isEqualTo(replaced.header("etag"));
        assertThat(get("/v1/keys/condition").text()).isEqualTo("two");

        RawHttp.Response kept = http.send("DELETE", "/v1/keys/condition", "If-Match: " + created.header("etag"));
        assertProblem(kept, 412, "condition-failed");
        assertThat(http.send("DELETE", "/v1/keys/condition", "If-Match: " + replaced.header("etag"))
                        .status())
                .isEqualTo(204);
        RawHttp.Response absent = put("/v1/keys/condition", "x", "If-Match: \"1\"");
        assertProblem(absent, 412, "condition-failed");
        assertThat(absent.header("etag")).isNull();
    }

    @Test
    void sparesAClientTheValueThatItHas() throws IOException {
        RawHttp.Response created = put("/v1/keys/known", "one");
        RawHttp.Response same = get("/v1/keys/known", "If-None-Match: " + created.header("etag"));
        assertThat(same.status()).isEqualTo(304);
        assertThat(same.header("etag")).isEqualTo(created.header("etag"));
        put("/v1/keys/known", "two");
        assertThat(get("/v1/keys/known", "If-None-Match: " + created.header("etag"))
                        .text())
                .isEqualTo("two");
        http.send("DELETE", "/v1/keys/known");
    }

    @Test
    void forgetsAKeyAfterItsTimeToLive() throws IOException, InterruptedException {
        assertThat(put("/v1/keys/short?ttl=200ms", "x").status()).isEqualTo(201);
        assertThat(put("/v1/keys/long?ttl=PT1H", "x").status()).isEqualTo(201);
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (get("/v1/keys/short").status() != 404) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(20);
        }
        assertThat(get("/v1/keys/long").status()).isEqualTo(200);
        assertThat(put("/v1/keys/short", "y", "If-None-Match: *").status()).isEqualTo(201);
        http.send("DELETE", "/v1/keys/short");
        http.send("DELETE", "/v1/keys/long");
    }

    @Test
    void answersSeveralRequestsThatWereSentAtOnce() throws IOException {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            all.append("PUT /v1/keys/pipe").append(i % 2).append(" HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n");
            all.append(i + 10);
            all.append("GET /v1/keys/pipe").append(i % 2).append(" HTTP/1.1\r\nHost: x\r\n\r\n");
        }
        http.write(all.toString());
        for (int i = 0; i < 20; i++) {
            assertThat(http.read(false).status()).isIn(201, 204);
            assertThat(http.read(false).text()).isEqualTo(Integer.toString(i + 10));
        }
        http.send("DELETE", "/v1/keys/pipe0");
        http.send("DELETE", "/v1/keys/pipe1");
    }

    private static long version(RawHttp.Response response) {
        String tag = String.valueOf(response.header("etag"));
        return Long.parseLong(tag.substring(1, tag.length() - 1));
    }
}
