package dev.kvstore.e2e.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** Kubernetes objects as YAML. */
public final class Manifests {
    /** Reads YAML, and so JSON. */
    public static final YAMLMapper YAML = new YAMLMapper();

    private Manifests() {}

    /** The objects of a stream of YAML documents, by kind, namespace and name. */
    static Map<String, ObjectNode> parse(String yaml) throws IOException {
        Map<String, ObjectNode> objects = new TreeMap<>();
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
            while (documents.hasNext()) {
                if (wholeNumbers(documents.next()) instanceof ObjectNode object && !object.isEmpty()) {
                    JsonNode metadata = object.path("metadata");
                    String id = object.path("kind").asText() + " "
                            + metadata.path("namespace").asText() + "/"
                            + metadata.path("name").asText();
                    if (objects.put(id, object) != null) {
                        throw new IOException("twice in one stream: " + id);
                    }
                }
            }
        }
        return objects;
    }

    /** The same with 1.0 written as 1: YAML's writers differ in it. */
    private static JsonNode wholeNumbers(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(field -> field.setValue(wholeNumbers(field.getValue())));
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, wholeNumbers(array.get(i)));
            }
        } else if (node.isNumber() && node.canConvertToLong() && node.doubleValue() == node.longValue()) {
            return LongNode.valueOf(node.longValue());
        }
        return node;
    }
}
