package dev.kvstore.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Orders to a cluster that no operator of Kubernetes looks after. */
@QuarkusTest
class DesiredCallsTest extends HttpTest {
    @Test
    void tellsWhatTheClusterShouldBe() throws IOException {
        JsonNode desired = json(get("/v1/cluster/desired"));
        assertThat(desired.path("replicationFactor").asInt()).isEqualTo(1);
        assertThat(desired.path("members").has("node1")).isTrue();
    }

    @Test
    void followsAnOrder() throws IOException {
        JsonNode ordered = json(order("{\"maxConcurrentMoves\": 7, \"replaceAfterMs\": 1000}"));
        assertThat(ordered.path("maxConcurrentMoves").asInt()).isEqualTo(7);
        assertThat(ordered.path("replaceAfterMs").asLong()).isEqualTo(1_000);
        assertThat(ordered.path("replicationFactor").asInt()).isEqualTo(1);
    }

    @Test
    void refusesWhatCannotBeAndSaysWhy() throws IOException {
        JsonNode problem = assertProblem(order("{\"replicationFactor\": 3}"), 409, "order-refused");
        assertThat(problem.path("detail").asText()).contains("3 copies need 3 members");
        assertProblem(order("{\"members\": {\"node1\": null}}"), 409, "order-refused");
        assertProblem(order("{\"members\": {\"node9\": \"\"}}"), 409, "order-refused");
    }

    @Test
    void judgesAnOrderWithoutFollowingIt() throws IOException {
        JsonNode judged = json(dryRun("{\"maxConcurrentMoves\": 9}"));
        assertThat(judged.path("maxConcurrentMoves").asInt()).isEqualTo(9);
        assertThat(json(get("/v1/cluster/desired")).path("maxConcurrentMoves").asInt())
                .isNotEqualTo(9);
        assertProblem(dryRun("{\"members\": {\"node1\": null}}"), 409, "order-refused");
    }

    @Test
    void refusesWhatCannotBeRead() throws IOException {
        assertProblem(order("replicationFactor=3"), 400, "bad-request");
        assertProblem(order("{\"copies\": 3}"), 400, "bad-request");
        assertProblem(order("{\"replicationFactor\": \"many\"}"), 400, "bad-request");
    }

    private RawHttp.Response dryRun(String patch) throws IOException {
        return http.send("PATCH", "/v1/cluster/desired?dryRun=true", patch.getBytes(StandardCharsets.UTF_8));
    }

    private RawHttp.Response order(String patch) throws IOException {
        return http.send("PATCH", "/v1/cluster/desired", patch.getBytes(StandardCharsets.UTF_8));
    }
}
