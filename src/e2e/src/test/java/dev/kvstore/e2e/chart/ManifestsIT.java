package dev.kvstore.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.Helm;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The plain manifests, as kubectl builds them, against the chart with its default values. */
class ManifestsIT {
    private static final Path OPERATOR = Checkout.deploy().resolve("operator.yaml");
    private static final String HEAD = """
            # What the chart renders with its default values, for `kubectl apply -k deploy`. Generated; after a change of the chart:
            #   ./kvstore verify -pl src/e2e -am -Dtest=NoSuch -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=ManifestsIT -Dkvstore.manifests.write=true
            """;

    @Test
    void theCommittedManifestsAreWhatTheChartRenders() throws IOException {
        StringBuilder expected = new StringBuilder(HEAD);
        for (ObjectNode object : chart().values()) {
            if (!object.path("kind").asText().equals("CustomResourceDefinition")) {
                expected.append(Manifests.YAML.writeValueAsString(object));
            }
        }
        if (Boolean.getBoolean("kvstore.manifests.write")) {
            Files.writeString(OPERATOR, expected);
        }
        assertThat(Checkout.read(OPERATOR)).isEqualTo(expected.toString());
    }

    @Test
    void kubectlBuildsTheSameObjectsFromThem() throws IOException {
        assumeTrue(onPath("kubectl"), "skipped: kubectl is not on the PATH");
        Map<String, ObjectNode> built = Manifests.parse(Command.run(
                        Duration.ofSeconds(30),
                        "",
                        List.of("kubectl", "kustomize", Checkout.deploy().toString()))
                .succeeded());
        // Helm makes the namespace by --create-namespace
        ObjectNode namespace = built.remove("Namespace /kvstore-system");
        assertThat(namespace).isNotNull();
        assertThat(built).isEqualTo(chart());
    }

    /** The chart's objects without what only Helm needs. */
    private static Map<String, ObjectNode> chart() throws IOException {
        Map<String, ObjectNode> objects = Manifests.parse(new Helm(Checkout.chart())
                .template()
                .withName("kvstore")
                .withNamespace("kvstore-system")
                .call());
        objects.values().forEach(ManifestsIT::withoutHelm);
        return objects;
    }

    private static void withoutHelm(ObjectNode object) {
        if (object.path("metadata") instanceof ObjectNode metadata) {
            if (metadata.path("labels") instanceof ObjectNode labels) {
                labels.remove(List.of("helm.sh/chart", "app.kubernetes.io/managed-by"));
            }
            if (metadata.path("annotations") instanceof ObjectNode annotations) {
                annotations.remove("helm.sh/resource-policy");
                if (annotations.isEmpty()) {
                    metadata.remove("annotations");
                }
            }
        }
    }

    private static boolean onPath(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
