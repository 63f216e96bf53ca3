package dev.kvstore.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kvstore.node.OneNode;
import io.quarkus.test.common.WithTestResource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What tests of the HTTP interface share: a real node, and a connection to it. */
@WithTestResource(OneNode.class)
abstract class HttpTest {
    private static final long FORMING_S = 30;

    protected RawHttp http = connect();

    @BeforeEach
    void waitForPrimary() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(FORMING_S);
        while (http.send("GET", "/v1/keys/is-there-a-primary").status() != 404) {
            assertThat(System.nanoTime()).as("the cluster forms").isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    @AfterEach
    void disconnect() throws IOException {
        http.close();
    }

    static RawHttp connect() {
        try {
            return new RawHttp(ConfigProvider.getConfig().getValue("quarkus.http.test-port", Integer.class));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    RawHttp.Response put(String target, String value, String... headers) throws IOException {
        return http.send("PUT", target, value.getBytes(StandardCharsets.UTF_8), headers);
    }

    RawHttp.Response get(String target, String... headers) throws IOException {
        return http.send("GET", target, headers);
    }

    static JsonNode json(RawHttp.Response response) throws IOException {
        return new ObjectMapper().readTree(response.body());
    }

    /** The response is a problem document of this status and code. */
    static JsonNode assertProblem(RawHttp.Response response, int status, String code) throws IOException {
        assertThat(response.status()).as(response.text()).isEqualTo(status);
        assertThat(response.header("content-type")).startsWith("application/problem+json");
        JsonNode problem = json(response);
        assertThat(problem.path("code").asText()).isEqualTo(code);
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("type").asText()).isEqualTo("about:blank");
        assertThat(problem.path("title").asText()).isNotEmpty();
        assertThat(problem.path("detail").asText()).isNotEmpty();
        return problem;
    }
}
