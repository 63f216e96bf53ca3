package dev.kvstore.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the chart says without a cluster: lint, the objects that it renders, the values that it refuses. */
class ChartIT {
    private static final String OPERATOR = "kvstore-operator";

    @TempDir
    private Path directory = Path.of("");

    @Test
    void lintsWithoutAnyComplaint() {
        LintResult result = new Helm(Checkout.chart()).lint().strict().call();
        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
        assertThat(result.getMessages()).noneMatch(line -> line.contains("[WARNING]") || line.contains("[ERROR]"));
    }

    @Test
    void theOperatorFulfilsTheRestrictedPodSecurityStandard() throws IOException {
        JsonNode pod = operatorPod(render(""));
        JsonNode podSecurity = pod.path("securityContext");
        assertThat(podSecurity.path("runAsNonRoot").asBoolean()).isTrue();
        assertThat(podSecurity.path("seccompProfile").path("type").asText()).isEqualTo("RuntimeDefault");
        assertThat(pod.path("containers")).hasSize(1);
        JsonNode security = pod.path("containers").path(0).path("securityContext");
        assertThat(security.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
        assertThat(security.path("readOnlyRootFilesystem").asBoolean()).isTrue();
        assertThat(security.path("capabilities").path("drop")).hasSize(1);
        assertThat(security.path("capabilities").path("drop").path(0).asText()).isEqualTo("ALL");
        assertThat(security.path("privileged").asBoolean()).isFalse();
        for (String hostField : List.of("hostNetwork", "hostPID", "hostIPC")) {
            assertThat(pod.path(hostField).asBoolean()).as(hostField).isFalse();
        }
        assertThat(pod.path("volumes")).allMatch(volume -> volume.has("emptyDir"));
    }

    @Test
    void noRuleHasAWildcard() throws IOException {
        List<String> granted = new ArrayList<>();
        for (ObjectNode object : render("").values()) {
            for (JsonNode rule : object.path("rules")) {
                for (String part : List.of("apiGroups", "resources", "verbs")) {
                    rule.path(part).forEach(word -> granted.add(word.asText()));
                }
            }
            assertThat(object.path("roleRef").path("name").asText()).isNotEqualTo("cluster-admin");
        }
        assertThat(granted).contains("statefulsets", "create").doesNotContain("*", "secrets", "escalate", "bind");
    }

    @Test
    void theResourceDefinitionIsUpgradedAndKept() throws IOException {
        String id = "CustomResourceDefinition /kvclusters.kvstore.dev";
        ObjectNode definition = object(render(""), id);
        assertThat(definition
                        .path("metadata")
                        .path("annotations")
                        .path("helm.sh/resource-policy")
                        .asText())
                .isEqualTo("keep");
        ObjectNode source = object(
                Manifests.parse(Checkout.read(Checkout.chart().resolve("files/kvclusters.kvstore.dev.yaml"))), id);
        assertThat(definition.path("spec")).isEqualTo(source.path("spec"));
        assertThat(Checkout.chart().resolve("crds")).doesNotExist();

        assertThat(render("crds: {install: false}")).doesNotContainKey(id);
        assertThat(object(render("crds: {keep: false}"), id)
                        .path("metadata")
                        .path("annotations")
                        .has("helm.sh/resource-policy"))
                .isFalse();
    }

    @Test
    void withAListOfNamespacesNothingNamespacedIsGrantedElsewhere() throws IOException {
        Map<String, ObjectNode> objects = render("watchNamespaces: [team-a, team-b]");
        assertThat(objects)
                .containsKeys("RoleBinding team-a/" + OPERATOR, "RoleBinding team-b/" + OPERATOR)
                .doesNotContainKey("ClusterRoleBinding /" + OPERATOR);
        assertThat(environment(objects)).containsEntry("KVSTORE_OPERATOR_NAMESPACES", "team-a,team-b");
        assertThat(render("")).containsKey("ClusterRoleBinding /" + OPERATOR);
    }

    @Test
    void valuesReachThePods() throws IOException {
        Map<String, ObjectNode> objects = render("""
                replicas: 2
                image: {repository: registry.example/kv/operator, tag: 1.2.3, pullPolicy: Always}
                nodeImage:
                  repository: registry.example/kv/node
                  digest: sha256:0000000000000000000000000000000000000000000000000000000000000000
                imagePullSecrets: [{name: registry}]
                podLabels: {team: store}
                podAnnotations: {note: "1"}
                nodeSelector: {disk: ssd}
                tolerations: [{key: store, operator: Exists}]
                priorityClassName: important
                env: [{name: QUARKUS_LOG_LEVEL, value: DEBUG}]
                """);
        JsonNode deployment = object(objects, "Deployment kvstore-system/" + OPERATOR);
        assertThat(deployment.path("spec").path("replicas").asInt()).isEqualTo(2);
        JsonNode template = deployment.path("spec").path("template");
        assertThat(template.path("metadata").path("labels").path("team").asText())
                .isEqualTo("store");
        assertThat(template.path("metadata").path("annotations").path("note").asText())
                .isEqualTo("1");
        JsonNode pod = template.path("spec");
        assertThat(pod.path("nodeSelector").path("disk").asText()).isEqualTo("ssd");
        assertThat(pod.path("tolerations").path(0).path("key").asText()).isEqualTo("store");
        assertThat(pod.path("priorityClassName").asText()).isEqualTo("important");
        assertThat(pod.path("imagePullSecrets").path(0).path("name").asText()).isEqualTo("registry");
        JsonNode container = pod.path("containers").path(0);
        assertThat(container.path("image").asText()).isEqualTo("registry.example/kv/operator:1.2.3");
        assertThat(container.path("imagePullPolicy").asText()).isEqualTo("Always");
        assertThat(environment(objects))
                .containsEntry("QUARKUS_LOG_LEVEL", "DEBUG")
                .containsEntry("KVSTORE_OPERATOR_NODE_IMAGE", "registry.example/kv/node@sha256:" + "0".repeat(64));
    }

    @Test
    void withoutValuesTheImagesCarryTheChartsOwnVersion() throws IOException {
        String version = Manifests.YAML
                .readTree(Checkout.read(Checkout.chart().resolve("Chart.yaml")))
                .path("appVersion")
                .asText();
        Map<String, ObjectNode> objects = render("");
        assertThat(operatorPod(objects).path("containers").path(0).path("image").asText())
                .isEqualTo("kvstore/operator:" + version);
        assertThat(environment(objects)).containsEntry("KVSTORE_OPERATOR_NODE_IMAGE", "kvstore/node:" + version);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "replicas: 0",
                "replicas: two",
                "replica: 1",
                "image: {tag: 'a b'}",
                "image: {pullPolicy: Sometimes}",
                "image: {digest: sha256:12}",
                "nodeImage: {repository: ''}",
                "watchNamespaces: team-a",
                "watchNamespaces: [Team_A]",
                "crds: {kept: true}",
                "env: [{value: x}]",
                "imagePullSecrets: [registry]",
                "resources: {limit: {memory: 1Gi}}"
            })
    void refusesValuesThatCannotBe(String values) {
        assertThatThrownBy(() -> render(values))
                .hasMessageContaining("values don't meet the specifications of the schema");
    }

    @Test
    void eachValueIsExplainedAndInTheSchema() throws IOException {
        Path chart = Checkout.chart();
        JsonNode values = Manifests.YAML.readTree(Checkout.read(chart.resolve("values.yaml")));
        JsonNode schema = Manifests.YAML.readTree(Checkout.read(chart.resolve("values.schema.json")));
        List<String> names = new ArrayList<>();
        values.fieldNames().forEachRemaining(names::add);
        List<String> known = new ArrayList<>();
        schema.path("properties").fieldNames().forEachRemaining(known::add);
        // Helm itself adds global
        known.remove("global");
        assertThat(known).containsExactlyInAnyOrderElementsOf(names);
        String install = Checkout.read(Checkout.docs().resolve("install.md"));
        assertThat(names).allSatisfy(name -> assertThat(install).contains("`" + name));
    }

    private Map<String, ObjectNode> render(String values) throws IOException {
        TemplateCommand template =
                new Helm(Checkout.chart()).template().withName("kvstore").withNamespace("kvstore-system");
        if (!values.isEmpty()) {
            Path file = Files.createTempFile(directory, "values", ".yaml");
            template.withValuesFile(Files.writeString(file, values));
        }
        return Manifests.parse(template.call());
    }

    private static JsonNode operatorPod(Map<String, ObjectNode> objects) {
        return object(objects, "Deployment kvstore-system/" + OPERATOR)
                .path("spec")
                .path("template")
                .path("spec");
    }

    private static Map<String, String> environment(Map<String, ObjectNode> objects) {
        Map<String, String> environment = new HashMap<>();
        operatorPod(objects)
                .path("containers")
                .path(0)
                .path("env")
                .forEach(variable -> environment.put(
                        variable.path("name").asText(), variable.path("value").asText()));
        return environment;
    }

    private static ObjectNode object(Map<String, ObjectNode> objects, String id) {
        ObjectNode object = objects.get(id);
        assertThat(object).as("%s among %s", id, objects.keySet()).isNotNull();
        return Objects.requireNonNull(object);
    }
}
