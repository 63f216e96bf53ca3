package dev.kvstore.operator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import dev.kvstore.operator.observed.Scene;
import dev.kvstore.operator.status.Report;
import dev.kvstore.operator.status.Situation;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceSubresourceScale;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CustomResourceDefinitionTest {
    private static final Path COMMITTED = Path.of("../helm/kvstore/files/kvclusters.kvstore.dev.yaml");
    private static final Path GENERATED = Path.of("target/kvclusters.kvstore.dev.yaml");

    @TempDir
    Path folder;

    @Test
    void definitionInTheChartIsTheOneThatTheCodeGenerates() throws IOException {
        new CRDGenerator()
                .withMinQuotes(true)
                .withPostProcessor(new Tidy())
                .inOutputDir(folder.toFile())
                .forCRDVersions("v1")
                .customResourceClasses(KVCluster.class)
                .generate();
        Files.writeString(GENERATED, Files.readString(folder.resolve("kvclusters.kvstore.dev-v1.yml")));

        assertThat(COMMITTED)
                .as("after a change of the api package: cp operator/%s helm/kvstore/files/", GENERATED)
                .exists()
                .hasSameTextualContentAs(GENERATED);
    }

    /** What `kubectl scale` and an autoscaler find by these paths, in a KVCluster as it is sent to the API server. */
    @Test
    void pathsForScalingLeadToNumbersAndASelector() {
        KVCluster cluster = Serialization.unmarshal(
                "apiVersion: kvstore.dev/v1\nkind: KVCluster\nmetadata: {name: demo}\nspec: {replicas: 5}",
                KVCluster.class);
        cluster.setStatus(Report.of(
                new Situation(Scene.running(3).observed(), 3, Optional.empty(), Optional.empty(), Optional.empty()),
                null,
                Instant.EPOCH));
        JsonNode sent = new ObjectMapper().valueToTree(cluster);
        CustomResourceSubresourceScale scale = RulesTest.definition()
                .getSpec()
                .getVersions()
                .getFirst()
                .getSubresources()
                .getScale();

        assertThat(at(sent, scale.getSpecReplicasPath())).isEqualTo(IntNode.valueOf(5));
        assertThat(at(sent, scale.getStatusReplicasPath())).isEqualTo(IntNode.valueOf(3));
        assertThat(at(sent, scale.getLabelSelectorPath()).asText())
                .isEqualTo("app.kubernetes.io/instance=demo,app.kubernetes.io/name=kvstore");
    }

    private static JsonNode at(JsonNode object, String path) {
        return object.at(path.replace('.', '/'));
    }

    /** The generator sorts the columns by their paths, and finds a rule at a record's field and again at its accessor. */
    private static final class Tidy implements CRDPostProcessor {
        @Override
        public HasMetadata process(HasMetadata generated, String schemaVersion) {
            CustomResourceDefinition definition = (CustomResourceDefinition) generated;
            List<String> columns = Stream.of(KVCluster.class.getAnnotationsByType(AdditionalPrinterColumn.class))
                    .map(AdditionalPrinterColumn::name)
                    .toList();
            definition.getSpec().getVersions().forEach(version -> {
                version.getAdditionalPrinterColumns()
                        .sort(Comparator.comparingInt(
                                (CustomResourceColumnDefinition column) -> columns.indexOf(column.getName())));
                dropDoubleRules(version.getSchema().getOpenAPIV3Schema());
            });
            return definition;
        }
    }

    private static void dropDoubleRules(JSONSchemaProps schema) {
        schema.setXKubernetesValidations(
                schema.getXKubernetesValidations().stream().distinct().toList());
        if (schema.getProperties() != null) {
            schema.getProperties().values().forEach(CustomResourceDefinitionTest::dropDoubleRules);
        }
    }
}
