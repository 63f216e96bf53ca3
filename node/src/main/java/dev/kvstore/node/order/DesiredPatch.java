package dev.kvstore.node.order;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kvstore.core.ring.Desired;
import dev.kvstore.node.coordination.DesiredFormatException;
import dev.kvstore.node.coordination.DesiredJson;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A change of the desired state as a JSON merge patch (RFC 7396): what it names is set, null takes a member or a loss away. */
public final class DesiredPatch {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Set<String> MERGED = Set.of("members", "acceptLoss");
    private static final List<String> FIELDS = List.of(
            "members",
            "replicationFactor",
            "minInSync",
            "replaceAfterMs",
            "acceptLoss",
            "unsafeRestore",
            "maxConcurrentMoves",
            "maxBytesPerSecond");

    private final ObjectNode patch;

    private DesiredPatch(ObjectNode patch) {
        this.patch = patch;
    }

    /**
     * Reads a patch.
     *
     * @throws DesiredFormatException when it is none
     */
    public static DesiredPatch read(String text) throws DesiredFormatException {
        JsonNode json;
        try {
            json = MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw new DesiredFormatException("the body is not JSON: " + e.getOriginalMessage());
        }
        if (!(json instanceof ObjectNode object) || object.isEmpty()) {
            throw new DesiredFormatException("the body is not a JSON object that names what is to change");
        }
        for (Map.Entry<String, JsonNode> each : object.properties()) {
            String name = each.getKey();
            if (!FIELDS.contains(name)) {
                throw new DesiredFormatException(
                        "'" + name + "' cannot be ordered; these can: " + String.join(", ", FIELDS));
            }
            if (MERGED.contains(name) && !each.getValue().isObject()) {
                throw new DesiredFormatException(name + " is not an object");
            }
        }
        return new DesiredPatch(object);
    }

    /**
     * The state with the change in it.
     *
     * @throws DesiredFormatException when a value is out of its bounds
     */
    public Desired apply(Desired present) throws DesiredFormatException {
        try {
            ObjectNode json = (ObjectNode) MAPPER.readTree(DesiredJson.write(present));
            for (Map.Entry<String, JsonNode> each : patch.properties()) {
                if (MERGED.contains(each.getKey())) {
                    merge((ObjectNode) json.get(each.getKey()), each.getValue());
                } else {
                    json.set(each.getKey(), each.getValue());
                }
            }
            if (patch.has("members")) {
                json.put("memberCount", Math.max(1, json.path("members").size()));
            }
            return DesiredJson.read(json.toString());
        } catch (JacksonException e) {
            throw new IllegalStateException("what was written just now cannot be read", e);
        }
    }

    private static void merge(ObjectNode into, JsonNode changes) {
        for (Map.Entry<String, JsonNode> each : changes.properties()) {
            if (each.getValue().isNull()) {
                into.remove(each.getKey());
            } else {
                into.set(each.getKey(), each.getValue());
            }
        }
    }
}
