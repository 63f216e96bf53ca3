package dev.kvstore.cli.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a key lives.
 *
 * @param slot 0 to 16383
 * @param partition the partition's number
 * @param epoch the partition's configuration number
 * @param primary the member that orders its writes; empty while there is none
 * @param inSync members that have every acknowledged write
 * @param replicas members that hold or shall hold a copy
 */
public record KeyLocation(
        String slot,
        String partition,
        String epoch,
        Optional<String> primary,
        List<String> inSync,
        List<String> replicas) {
    /** Reads what a node answered; what it does not say is shown as unknown. */
    public static KeyLocation of(ObjectNode json) {
        return new KeyLocation(
                Json.text(json, "slot").orElse("?"),
                Json.text(json, "partition").orElse("?"),
                Json.text(json, "epoch").orElse("?"),
                Json.text(json, "primary"),
                names(json.path("inSync")),
                names(json.path("replicas")));
    }

    private static List<String> names(JsonNode array) {
        List<String> names = new ArrayList<>();
        array.forEach(name -> names.add(name.asText()));
        return List.copyOf(names);
    }
}
