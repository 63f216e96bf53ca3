package dev.kvstore.e2e.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** Kubernetes objects as YAML. */
final class Manifests {
    static final YAMLMapper YAML = new YAMLMapper();

    private Manifests() {}

    /** The objects of a stream of YAML documents, by kind, namespace and name. */
    static Map<String, ObjectNode> parse(String yaml) throws IOException {
        Map<String, ObjectNode> objects = new TreeMap<>();
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
            while (documents.hasNext()) {
                if (documents.next() instanceof ObjectNode object && !object.isEmpty()) {
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
}
