package dev.kvstore.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The pages that list something list what there is. */
class DocsIT {
    /** Fields that are those of a pod or of every Kubernetes object: what is in them is described there. */
    private static final Set<String> BORROWED = Set.of(
            "spec.resources",
            "spec.pod.affinity",
            "spec.pod.tolerations",
            "spec.pod.topologySpreadConstraints",
            "spec.pod.env",
            "status.conditions");

    /** A field, and its default where the row has a column for it. */
    private static final Pattern FIELD =
            Pattern.compile("^\\| `((?:spec|status)\\.[A-Za-z.]+)` \\|(?: (?:`([^`]*)`)? ?\\|)?.*", Pattern.MULTILINE);

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    @Test
    void theReferenceNamesEachFieldOfTheResourceAndItsDefault() throws IOException {
        Map<String, String> fields = new TreeMap<>();
        JsonNode definition =
                Manifests.YAML.readTree(Checkout.read(Checkout.chart().resolve("files/kvclusters.kvstore.dev.yaml")));
        for (JsonNode part : definition.path("spec").path("versions")) {
            JsonNode schema = part.path("schema").path("openAPIV3Schema").path("properties");
            collect("spec", schema.path("spec"), fields);
            collect("status", schema.path("status"), fields);
        }
        Map<String, String> documented = new TreeMap<>();
        Matcher row = FIELD.matcher(page("kvcluster.md"));
        while (row.find()) {
            documented.put(row.group(1), row.group(2) == null ? "" : row.group(2));
        }
        assertThat(documented).isEqualTo(fields);
    }

    private static void collect(String path, JsonNode schema, Map<String, String> fields) {
        if (schema.has("properties") && !BORROWED.contains(path)) {
            schema.path("properties")
                    .properties()
                    .forEach(field -> collect(path + "." + field.getKey(), field.getValue(), fields));
        } else {
            fields.put(path, schema.path("default").asText());
        }
    }

    @Test
    void thePageOfPermissionsListsEachRightOfTheOperator() throws IOException {
        Set<String> granted = new TreeSet<>();
        for (ObjectNode object : Manifests.parse(new Helm(Checkout.chart())
                        .template()
                        .withName("kvstore")
                        .call())
                .values()) {
            if (object.path("kind").asText().equals("ClusterRole")) {
                for (JsonNode rule : object.path("rules")) {
                    granted.add(words(rule.path("apiGroups")) + " | " + words(rule.path("resources")) + " | "
                            + words(rule.path("verbs")));
                }
            }
        }
        String page = page("permissions.md");
        Set<String> documented = new TreeSet<>();
        page.substring(page.indexOf("## The operator"))
                .lines()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| API") && !line.startsWith("| --"))
                .forEach(line -> {
                    String[] cells = line.substring(2).split(" \\| ", -1);
                    String group = cells[0].equals("core") ? "" : code(cells[0]);
                    documented.add(group + " | " + code(cells[1]) + " | " + sorted(Stream.of(cells[2].split(", "))));
                });
        assertThat(documented).isEqualTo(granted);
    }

    @Test
    void eachPageOfDocumentationIsReachedFromTheReadme() throws IOException {
        String readme = Checkout.read(Checkout.home().resolve("README.md"));
        List<String> missing = new ArrayList<>();
        for (String page : List.of("install", "kvcluster", "permissions", "troubleshooting")) {
            assertThat(Checkout.docs().resolve(page + ".md")).exists();
            if (!readme.contains("src/docs/" + page + ".md")) {
                missing.add(page);
            }
        }
        assertThat(missing).isEmpty();
    }

    private static String page(String name) throws IOException {
        return Checkout.read(Path.of(Checkout.docs().toString(), name));
    }

    private static String words(JsonNode list) {
        return sorted(StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText));
    }

    private static String code(String cell) {
        return sorted(CODE.matcher(cell).results().map(found -> found.group(1)));
    }

    private static String sorted(Stream<String> words) {
        return String.join(" ", words.sorted().toList());
    }
}
