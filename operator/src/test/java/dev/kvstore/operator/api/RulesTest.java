package dev.kvstore.operator.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The rules in the resource definition, by a library for their language: API servers before Kubernetes 1.25 do not know them. */
class RulesTest {
    private static final Path SAMPLES = Path.of("../deploy/samples");

    private final Rules rules = new Rules(definition());

    static CustomResourceDefinition definition() {
        try {
            return Serialization.unmarshal(
                    Files.readString(Path.of("../helm/kvstore/files/kvclusters.kvstore.dev.yaml")),
                    CustomResourceDefinition.class);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** An order, after another one or as the first, and a word of the rule that refuses it. */
    private record Bad(String word, @Nullable String before, String order) {}

    private static final List<Bad> BAD = List.of(
            new Bad("replicas must be at least", null, demo("{replicas: 2, replicationFactor: 3}")),
            new Bad("replicas must be at least", demo("{replicas: 3}"), demo("{replicas: 1}")),
            new Bad("minInSync must be at most", null, demo("{replicationFactor: 2, minInSync: 3}")),
            new Bad("power of two", null, demo("{partitions: 100}")),
            new Bad("partitions cannot be changed", demo("{}"), demo("{partitions: 64}")),
            new Bad("cannot shrink", demo("{storage: {size: 10Gi}}"), demo("{storage: {size: 9.5Gi}}")),
            new Bad("cannot shrink", demo("{storage: {size: 1Ti}}"), demo("{storage: {size: 1000Gi}}")),
            new Bad("cannot shrink", demo("{storage: {size: 20Gi}}"), demo("{}")),
            new Bad(
                    "storageClassName cannot be changed",
                    demo("{storage: {storageClassName: fast}}"),
                    demo("{storage: {storageClassName: slow}}")),
            new Bad("storageClassName cannot be changed", demo("{storage: {storageClassName: fast}}"), demo("{}")),
            new Bad("storageClassName cannot be changed", demo("{}"), demo("{storage: {storageClassName: fast}}")),
            new Bad("the name must start with a letter", null, named("1st")),
            new Bad("the name must start with a letter", null, named("a.b")),
            new Bad("the name must start with a letter", null, named("ends-")),
            new Bad("the name must start with a letter", null, named("a".repeat(41))));

    @Test
    void eachRuleRefusesWhatItIsAboutAndNothingElseDoes() {
        TreeSet<String> refused = new TreeSet<>();
        for (Bad bad : BAD) {
            List<String> refusals = rules.refusals(bad.order(), bad.before());
            assertThat(refusals).as("%s", bad).singleElement().asString().contains(bad.word());
            refused.addAll(refusals);
        }
        assertThat(refused).as("rules of which one was seen to refuse").isEqualTo(rules.messages());
    }

    @Test
    void whatCanBeIsTaken() {
        assertThat(rules.refusals(named("a"), null)).isEmpty();
        assertThat(rules.refusals(named("a-" + "b".repeat(38)), null)).isEmpty();
        assertThat(rules.refusals(demo("{replicas: 1, replicationFactor: 1}"), null))
                .isEmpty();
        assertThat(rules.refusals(demo("{replicas: 5, replicationFactor: 3, minInSync: 3}"), demo("{}")))
                .isEmpty();
        assertThat(rules.refusals(demo("{storage: {size: 1Ti}}"), demo("{storage: {size: 1024Gi}}")))
                .isEmpty();
        String fast = demo("{storage: {storageClassName: fast, size: 20Gi}}");
        assertThat(rules.refusals(fast, demo("{storage: {storageClassName: fast}}")))
                .isEmpty();
        assertThat(rules.refusals(demo("{partitions: 128}"), demo("{}"))).isEmpty();
    }

    @Test
    void theSamplesAreTaken() throws IOException {
        try (Stream<Path> samples = Files.list(SAMPLES)) {
            for (Path sample : samples.toList()) {
                String first = Files.readString(sample).split("\n---\n", 2)[0];
                assertThat(first).contains("kind: KVCluster");
                assertThat(rules.refusals(first, null)).as("%s", sample).isEmpty();
            }
        }
    }

    private static String demo(String spec) {
        return "metadata: {name: demo}\nspec: %s".formatted(spec);
    }

    private static String named(String name) {
        return "metadata: {name: '%s'}\nspec: {}".formatted(name);
    }
}
