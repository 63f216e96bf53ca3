package dev.kvstore.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kvstore.cli.model.Json;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What all nodes said of themselves at one time.
 *
 * @param asked the node that asked the others
 * @param nodes by name, what those said that answered
 * @param silent by name, why others did not
 * @param clocks by name, how far each clock is from that of the asked node
 */
public record Sample(String asked, Map<String, JsonNode> nodes, Map<String, String> silent, Map<String, Clock> clocks) {
    /**
     * A clock beside that of the asked node.
     *
     * @param aheadMs by how much it is ahead, in milliseconds
     * @param eitherWayMs by how much that may be wrong: the question was on its way for twice as long
     */
    public record Clock(long aheadMs, long eitherWayMs) {
        /** By how much it is off for sure, in milliseconds. */
        long surelyMs() {
            return Math.max(0, Math.abs(aheadMs) - eitherWayMs);
        }
    }

    /** What a node said; a missing one when it said nothing. */
    JsonNode node(String name) {
        return nodes.getOrDefault(name, MissingNode.getInstance());
    }

    /** Reads the answer to {@code GET /v1/cluster/nodes}. */
    public static Sample of(ObjectNode json) {
        String asked = json.path("asked").asText();
        Map<String, JsonNode> nodes = new TreeMap<>();
        Map<String, String> silent = new TreeMap<>();
        Map<String, Clock> clocks = new TreeMap<>();
        nodes.put(asked, json.path("node"));
        for (JsonNode other : json.path("others")) {
            String name = other.path("name").asText();
            Optional<String> error = Json.text(other, "error");
            if (error.isPresent() || !other.path("node").isObject()) {
                silent.put(name, error.orElse("no answer"));
                continue;
            }
            nodes.put(name, other.path("node"));
            long askedMs = other.path("askedMs").asLong();
            long answeredMs = other.path("answeredMs").asLong();
            long middleMs = (askedMs + answeredMs) / 2;
            clocks.put(
                    name,
                    new Clock(other.path("node").path("wallMs").asLong() - middleMs, (answeredMs - askedMs) / 2 + 1));
        }
        return new Sample(asked, nodes, silent, clocks);
    }
}
