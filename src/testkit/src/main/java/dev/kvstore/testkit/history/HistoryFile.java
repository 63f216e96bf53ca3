package dev.kvstore.testkit.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Histories as files of JSON lines, one call a line, so that a failing one is kept and can be checked again. */
public final class HistoryFile {

    private static final ObjectMapper JSON = new ObjectMapper();

    private HistoryFile() {}

    /**
     * Writes a history, over whatever the file held.
     *
     * @param file where to
     * @param history what
     * @throws IOException when the file cannot be written
     */
    public static void write(Path file, History history) throws IOException {
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            for (Call call : history.calls()) {
                writer.write(JSON.writeValueAsString(toJson(call)));
                writer.newLine();
            }
        }
    }

    /**
     * Reads a history.
     *
     * @param file where from
     * @return the history
     * @throws IOException when the file cannot be read, or a line is no call; the message names the line
     */
    public static History read(Path file) throws IOException {
        List<Call> calls = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            int lineNumber = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lineNumber++;
                try {
                    calls.add(fromJson(JSON.readTree(line)));
                } catch (JsonProcessingException | IllegalArgumentException e) {
                    throw new IOException(file + ", line " + lineNumber + ": " + e.getMessage(), e);
                }
            }
        }
        return new History(calls);
    }

    private static ObjectNode toJson(Call call) {
        ObjectNode json = JSON.createObjectNode();
        json.put("client", call.client());
        switch (call.operation()) {
            case Operation.Get get ->
                json.put("op", get.stale() ? "stale-get" : "get").put("key", get.key());
            case Operation.Put put -> {
                json.put("op", "put").put("key", put.key()).put("value", put.value());
                if (put.expires()) {
                    json.put("ttlMs", put.ttlMs());
                }
                putCondition(json, put.condition());
            }
            case Operation.Delete delete -> {
                json.put("op", "delete").put("key", delete.key());
                putCondition(json, delete.condition());
            }
        }
        json.put("invokeNs", call.invokeNs());
        if (call.returnNs() != Call.OPEN_END) {
            json.put("returnNs", call.returnNs());
        }
        putOutcome(json, call.outcome());
        return json;
    }

    private static void putCondition(ObjectNode json, Condition condition) {
        switch (condition) {
            case Condition.None _ -> {}
            case Condition.IfAbsent _ -> json.put("if", "absent");
            case Condition.IfVersion ifVersion -> json.put("ifVersion", ifVersion.version());
        }
    }

    private static void putOutcome(ObjectNode json, Outcome outcome) {
        switch (outcome) {
            case Outcome.Created created -> json.put("outcome", "created").put("version", created.version());
            case Outcome.Replaced replaced -> json.put("outcome", "replaced").put("version", replaced.version());
            case Outcome.Deleted _ -> json.put("outcome", "deleted");
            case Outcome.Value value ->
                json.put("outcome", "value").put("found", value.value()).put("version", value.version());
            case Outcome.NotFound _ -> json.put("outcome", "not-found");
            case Outcome.ConditionFailed failed -> {
                json.put("outcome", "condition-failed");
                switch (failed.current()) {
                    case Outcome.Current.At at -> json.put("version", at.version());
                    case Outcome.Current.Absent _ -> json.put("current", "absent");
                    case Outcome.Current.NotTold _ -> json.put("current", "not-told");
                }
            }
            case Outcome.Refused refused -> json.put("outcome", "refused").put("reason", refused.reason());
            case Outcome.Unknown unknown -> json.put("outcome", "unknown").put("reason", unknown.reason());
        }
    }

    private static Call fromJson(JsonNode json) {
        JsonNode returnNs = json.get("returnNs");
        return new Call(
                text(json, "client"),
                operation(json),
                number(json, "invokeNs"),
                returnNs == null ? Call.OPEN_END : returnNs.longValue(),
                outcome(json));
    }

    private static Operation operation(JsonNode json) {
        String key = text(json, "key");
        String op = text(json, "op");
        return switch (op) {
            case "get" -> Operation.get(key);
            case "stale-get" -> Operation.staleGet(key);
            case "put" -> {
                JsonNode ttlMs = json.get("ttlMs");
                long liveMs = ttlMs == null ? Operation.NO_TTL : ttlMs.longValue();
                yield new Operation.Put(key, text(json, "value"), liveMs, condition(json));
            }
            case "delete" -> Operation.delete(key, condition(json));
            default -> throw new IllegalArgumentException("no such operation: " + op);
        };
    }

    private static Condition condition(JsonNode json) {
        if (json.has("ifVersion")) {
            return Condition.ifVersion(number(json, "ifVersion"));
        }
        return json.has("if") ? Condition.IF_ABSENT : Condition.NONE;
    }

    private static Outcome outcome(JsonNode json) {
        String outcome = text(json, "outcome");
        return switch (outcome) {
            case "created" -> new Outcome.Created(number(json, "version"));
            case "replaced" -> new Outcome.Replaced(number(json, "version"));
            case "deleted" -> new Outcome.Deleted();
            case "value" -> new Outcome.Value(text(json, "found"), number(json, "version"));
            case "not-found" -> new Outcome.NotFound();
            case "condition-failed" -> new Outcome.ConditionFailed(current(json));
            case "refused" -> new Outcome.Refused(text(json, "reason"));
            case "unknown" -> new Outcome.Unknown(text(json, "reason"));
            default -> throw new IllegalArgumentException("no such outcome: " + outcome);
        };
    }

    private static Outcome.Current current(JsonNode json) {
        if (json.has("version")) {
            return new Outcome.Current.At(number(json, "version"));
        }
        return text(json, "current").equals("absent") ? new Outcome.Current.Absent() : new Outcome.Current.NotTold();
    }

    private static String text(JsonNode json, String field) {
        @Nullable JsonNode node = json.get(field);
        if (node == null || !node.isTextual()) {
            throw new IllegalArgumentException("no text '" + field + "'");
        }
        return node.textValue();
    }

    private static long number(JsonNode json, String field) {
        @Nullable JsonNode node = json.get(field);
        if (node == null || !node.isIntegralNumber()) {
            throw new IllegalArgumentException("no whole number '" + field + "'");
        }
        return node.longValue();
    }
}
