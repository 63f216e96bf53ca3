package dev.kvstore.operator.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
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
