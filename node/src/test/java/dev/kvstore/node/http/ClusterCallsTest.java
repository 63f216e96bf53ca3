package dev.kvstore.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What operators ask a node. */
@QuarkusTest
class ClusterCallsTest extends HttpTest {
    @Test
    void tellsHowTheClusterStands() throws IOException {
        JsonNode cluster = json(get("/v1/cluster"));
        assertThat(cluster.path("cluster").asText()).isNotEmpty();
        assertThat(cluster.path("leader").asText()).isEqualTo("node1");
        assertThat(cluster.path("ringVersion").asLong()).isPositive();
        assertThat(cluster.path("replicationFactor").asInt()).isEqualTo(1);
        JsonNode member = cluster.path("members").get(0);
        assertThat(member.path("name").asText()).isEqualTo("node1");
        assertThat(member.path("state").asText()).isEqualTo("up");
        assertThat(member.path("primaries").asInt()).isEqualTo(16);
        assertThat(cluster.path("partitions").toString())
                .isEqualTo("{\"total\":16,\"fullyInSync\":16,\"withoutPrimary\":0,\"lost\":0,\"toMove\":0}");
        assertThat(cluster.path("moves").toString()).isEqualTo("[]");
    }

    @Test
    void tellsHowTheNodeStands() throws IOException {
        JsonNode node = json(get("/v1/node"));
        assertThat(node.path("name").asText()).isEqualTo("node1");
        assertThat(node.path("state").asText()).isEqualTo("serving");
        assertThat(node.has("why")).isFalse();
        assertThat(node.path("version").asText()).isNotEmpty();
        assertThat(node.path("wallMs").asLong()).isCloseTo(System.currentTimeMillis(), within(60_000L));
        assertThat(node.path("disk").path("freeBytes").asLong()).isPositive();
        assertThat(node.path("disk").path("refusing").asBoolean(true)).isFalse();
        assertThat(node.path("limits").path("operations").path("limit").asLong())
                .isEqualTo(4_096);
        assertThat(node.path("members").path("node1").path("state").asText()).isEqualTo("up");
        assertThat(node.path("copies").size()).isEqualTo(16);
        assertThat(node.path("copies").get(0).path("role").asText()).isEqualTo("serving");
    }

    @Test
    void gathersHowAllNodesStand() throws IOException {
        JsonNode nodes = json(get("/v1/cluster/nodes"));
        assertThat(nodes.path("asked").asText()).isEqualTo("node1");
        assertThat(nodes.path("node").path("name").asText()).isEqualTo("node1");
        assertThat(nodes.path("others").size()).isZero();
    }

    @Test
    void showsTheRing() throws IOException {
        JsonNode ring = json(get("/v1/cluster/ring"));
        assertThat(ring.path("members").get(0).path("name").asText()).isEqualTo("node1");
        assertThat(ring.path("partitions").size()).isEqualTo(16);
    }

    @Test
    void locatesKeys() throws IOException {
        // slot 12739 of "123456789" is the Redis Cluster specification's own example
        JsonNode located = json(get("/v1/cluster/locate/123456789"));
        assertThat(located.path("slot").asInt()).isEqualTo(12_739);
        assertThat(located.path("partition").asInt()).isEqualTo(12_739 / 1_024);
        assertThat(located.path("primary").asText()).isEqualTo("node1");
        assertThat(located.path("inSync").toString()).isEqualTo("[\"node1\"]");
        assertThat(json(get("/v1/cluster/locate/x%7B123456789%7Dy")).path("slot"))
                .isEqualTo(located.path("slot"));
    }

    @Test
    void isHealthy() throws IOException {
        for (String check : new String[] {"live", "ready", "started"}) {
            RawHttp.Response health = get("/q/health/" + check);
            assertThat(health.status()).as(health.text()).isEqualTo(200);
            assertThat(json(health).path("checks")).as(check).isNotEmpty();
        }
    }

    @Test
    void countsWhatItDoes() throws IOException {
        put("/v1/keys/metrics", "x");
        get("/v1/keys/metrics");
        http.send("DELETE", "/v1/keys/metrics");
        String metrics = get("/q/metrics").text();
        assertThat(metrics)
                .contains("kvstore_requests_seconds_count{kind=\"put\",outcome=\"ok\"}")
                .contains("kvstore_in_flight_ops 0.0")
                .contains("kvstore_in_flight_ops_limit 4096.0")
                .contains("kvstore_copies{role=\"serving\"} 16.0")
                .contains("kvstore_ring_version ")
                .contains("kvstore_storage_syncs_total ")
                .contains("kvstore_transport_messages_total{direction=\"sent\"")
                .contains("kvstore_partitions_to_move 0.0", "kvstore_moves{kind=\"copy\"} 0.0")
                .contains("kvstore_moves_sent_bytes 0.0")
                .contains("kvstore_coordination_proposals_total{result=\"won\"}")
                .contains("kvstore_coordination_failures_total 0.0")
                .contains("kvstore_partitions_lost 0.0");
    }

    @Test
    void describesItsInterface() throws IOException {
        String description = get("/q/openapi?format=json").text();
        assertThat(description)
                .contains("\"/v1/keys/{key}\"", "\"/v1/keys\"", "\"/v1/cluster\"", "\"/v1/cluster/ring\"")
                .contains("\"/v1/cluster/locate/{key}\"", "application/problem+json", "If-None-Match");
        for (ProblemCode code : ProblemCode.values()) {
            if (code != ProblemCode.INTERNAL
                    && code != ProblemCode.NO_SUCH_PATH
                    && code != ProblemCode.METHOD_NOT_ALLOWED) {
                assertThat(description).contains("`" + code.code() + "`");
            }
        }
    }
}
