package dev.kvstore.node.coordination;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kvstore.core.ring.Desired;
import dev.kvstore.core.ring.Rebalance;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The desired state as a JSON document. People write it too: the acceptance of losses and the order to restore may be left
 * out, and what is not known is ignored.
 */
public final class DesiredJson {
    /** Version of the document's format. A document that does not name it is of the first one. */
    static final int FORMAT = 1;

    private static final int MAX_MEMBERS = 1_000;
    private static final int MAX_PARTITIONS = 1_024;
    private static final JsonMapper MAPPER = new JsonMapper();

    private DesiredJson() {}

    /** The document of a desired state; equal ones give equal texts. */
    public static String write(Desired desired) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("format", FORMAT);
        json.put("memberCount", desired.memberCount());
        ObjectNode members = json.putObject("members");
        new TreeMap<>(desired.members()).forEach(members::put);
        json.put("replicationFactor", desired.replicationFactor());
        json.put("partitions", desired.partitions());
        json.put("minInSync", desired.minInSync());
        json.put("replaceAfterMs", desired.replaceAfterMs());
        ObjectNode acceptLoss = json.putObject("acceptLoss");
        new TreeMap<>(desired.acceptLoss()).forEach((partition, epoch) -> acceptLoss.put("" + partition, epoch));
        json.put("unsafeRestore", desired.unsafeRestore());
        json.put("maxConcurrentMoves", desired.rebalance().maxConcurrentMoves());
        json.put("maxBytesPerSecond", desired.rebalance().maxBytesPerSecond());
        return json.toPrettyString() + "\n";
    }

    /**
     * Reads a document.
     *
     * @throws DesiredFormatException when it is none, or a value is out of its bounds
     */
    public static Desired read(String text) throws DesiredFormatException {
        JsonNode json;
        try {
            json = MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw new DesiredFormatException("the desired state is not JSON: " + e.getOriginalMessage());
        }
        if (!json.isObject()) {
            throw new DesiredFormatException("the desired state is not a JSON object");
        }
        requireKnownFormat("the desired state", json, FORMAT);
        int partitions = (int) number(json, "partitions", 1, MAX_PARTITIONS);
        if (Integer.bitCount(partitions) != 1) {
            throw new DesiredFormatException("partitions is " + partitions + ", which is not a power of two");
        }
        return new Desired(
                (int) number(json, "memberCount", 1, MAX_MEMBERS),
                members(json),
                (int) number(json, "replicationFactor", 1, MAX_MEMBERS),
                partitions,
                (int) number(json, "minInSync", 1, MAX_MEMBERS),
                number(json, "replaceAfterMs", 0, Long.MAX_VALUE),
                acceptLoss(json),
                flag(json, "unsafeRestore"),
                new Rebalance(
                        (int) or(json, "maxConcurrentMoves", 1, MAX_PARTITIONS, Rebalance.DEFAULT.maxConcurrentMoves()),
                        or(json, "maxBytesPerSecond", 0, Long.MAX_VALUE, Rebalance.DEFAULT.maxBytesPerSecond())));
    }

    /** Refuses what a later version has written: it may mean something that this one does not know. */
    static void requireKnownFormat(String what, JsonNode json, int present) throws DesiredFormatException {
        long format = or(json, "format", 1, Integer.MAX_VALUE, 1);
        if (format > present) {
            throw new DesiredFormatException(what + " is of format " + format
                    + ", which a later version of this program wrote; this one reads formats up to " + present);
        }
    }

    private static long or(JsonNode json, String name, long min, long max, long otherwise)
            throws DesiredFormatException {
        return json.has(name) ? number(json, name, min, max) : otherwise;
    }

    private static Map<String, String> members(JsonNode json) throws DesiredFormatException {
        Map<String, String> members = new HashMap<>();
        for (Map.Entry<String, JsonNode> each : object(json, "members").properties()) {
            if (!each.getValue().isTextual()) {
                throw new DesiredFormatException("the zone of member " + each.getKey() + " is not a text");
            }
            members.put(each.getKey(), each.getValue().textValue());
        }
        return members;
    }

    private static Map<Integer, Long> acceptLoss(JsonNode json) throws DesiredFormatException {
        Map<Integer, Long> accepted = new HashMap<>();
        if (json.has("acceptLoss")) {
            JsonNode losses = object(json, "acceptLoss");
            for (Map.Entry<String, JsonNode> each : losses.properties()) {
                accepted.put(partition(each.getKey()), number(losses, each.getKey(), 0, Long.MAX_VALUE));
            }
        }
        return accepted;
    }

    private static int partition(String text) throws DesiredFormatException {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new DesiredFormatException("acceptLoss names '" + text + "', which is not a partition's number");
        }
    }

    private static JsonNode object(JsonNode json, String name) throws DesiredFormatException {
        JsonNode field = json.path(name);
        if (!field.isObject()) {
            throw new DesiredFormatException(name + " is missing or not an object");
        }
        return field;
    }

    private static boolean flag(JsonNode json, String name) throws DesiredFormatException {
        JsonNode field = json.path(name);
        if (!field.isMissingNode() && !field.isBoolean()) {
            throw new DesiredFormatException(name + " is neither true nor false");
        }
        return field.booleanValue();
    }

    private static long number(JsonNode json, String name, long min, long max) throws DesiredFormatException {
        JsonNode field = json.path(name);
        boolean whole = field.isIntegralNumber() && field.canConvertToLong();
        if (!whole || field.longValue() < min || field.longValue() > max) {
            throw new DesiredFormatException(name + " is not a whole number from " + min + " to " + max);
        }
        return field.longValue();
    }
}
