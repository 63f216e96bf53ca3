package dev.kvstore.operator.resources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.operator.api.KVCluster;
import dev.kvstore.operator.observed.Scene;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClusterObjectsTest {
    private static final String IMAGE = "kvstore/node:1";

    @Test
    void everyObjectBelongsToTheClusterAndIsFoundByItsLabels() {
        List<HasMetadata> objects = objects("{}");

        assertThat(objects).hasSize(10).allSatisfy(object -> {
            assertThat(object.getMetadata().getNamespace()).isEqualTo("ns");
            assertThat(object.getMetadata().getLabels())
                    .containsEntry("app.kubernetes.io/managed-by", "kvstore-operator")
                    .containsEntry("kvstore.dev/cluster", "demo");
            assertThat(object.getMetadata().getOwnerReferences())
                    .singleElement()
                    .satisfies(owner -> assertThat(owner.getUid()).isEqualTo("cluster-uid"));
        });
        assertThat(objects)
                .extracting(each -> each.getKind() + " " + each.getMetadata().getName())
                .containsExactly(
                        "ServiceAccount demo",
                        "Role demo",
                        "RoleBinding demo",
                        "ConfigMap demo-config",
                        "ConfigMap demo-ring",
                        "Lease demo-leader",
                        "Service demo-peers",
                        "Service demo",
                        "PodDisruptionBudget demo",
                        "StatefulSet demo");
    }

    @Test
    void budgetIsLeftOutWhereItIsNotServed() {
        assertThat(ClusterObjects.of(wanted(Scene.empty("{}"), null, IMAGE), false))
                .hasSize(9)
                .noneMatch(PodDisruptionBudget.class::isInstance);
    }

    @Test
    void nodeMayUseItsOwnLeaseAndRingAndReadItsConfigAndNothingElse() {
        assertThat(find(Role.class, "demo").getRules())
                .extracting(each -> each.getResources() + " " + each.getResourceNames() + " " + each.getVerbs())
                .containsExactly(
                        "[leases] [demo-leader] [get, list, watch, update, patch]",
                        "[configmaps] [demo-ring] [get, list, watch, update, patch]",
                        "[configmaps] [demo-config] [get, list, watch]");
    }

    @Test
    void ringAndLeaseAreAppliedWithoutContentSoThatTheNodesKeepTheirs() {
        assertThat(find(ConfigMap.class, "demo-ring").getData()).isEmpty();
        assertThat(find(Lease.class, "demo-leader").getSpec()).isNull();
    }

    @Test
    void configSaysWhatTheClusterShouldBe() {
        Map<String, String> data = find(ConfigMap.class, "demo-config").getData();

        assertThat(data.get("desired.json")).isEqualToIgnoringWhitespace("""
                {"format": 1, "memberCount": 3, "members": {"demo-0": "", "demo-1": "", "demo-2": ""}, "replicationFactor": 2,
                 "partitions": 128, "minInSync": 1, "replaceAfterMs": 300000, "acceptLoss": {}, "unsafeRestore": false,
                 "maxConcurrentMoves": 4, "maxBytesPerSecond": 0}
                """);
        assertThat(data.get("limits.json")).isEqualToIgnoringWhitespace("""
                {"format": 1, "maxKeyBytes": 1024, "maxValueBytes": 1048576, "inFlightOps": 4096, "inFlightBytes": 268435456}
                """);
    }

    @Test
    void peersAreFoundBeforeTheyAreReadyAndClientsOnlyReadyOnes() {
        assertThat(find(Service.class, "demo-peers").getSpec().getPublishNotReadyAddresses())
                .isTrue();
        assertThat(find(Service.class, "demo").getSpec().getPublishNotReadyAddresses())
                .isNull();
    }

    @Test
    void podsFitTheRestrictedPodSecurityStandard() {
        PodSpec pod = find(StatefulSet.class, "demo").getSpec().getTemplate().getSpec();
        Container container = pod.getContainers().getFirst();

        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(pod.getVolumes()).allMatch(volume -> volume.getEmptyDir() != null);
        assertThat(pod.getHostNetwork()).isNull();
    }

    @Test
    void updatesAreTheOperatorsOwnAndPodsStartTogether() {
        StatefulSet set = find(StatefulSet.class, "demo");

        assertThat(set.getSpec().getUpdateStrategy().getType()).isEqualTo("OnDelete");
        assertThat(set.getSpec().getPodManagementPolicy()).isEqualTo("Parallel");
        assertThat(set.getSpec().getServiceName()).isEqualTo("demo-peers");
    }

    @Test
    void environmentOfTheUserDoesNotReplaceTheOperatorsOwn() {
        Map<String, String> environment = container("""
                {"pod": {"env": [{"name": "KVSTORE_PORT", "value": "1"}, {"name": "MORE", "value": "2"}],
                         "labels": {"team": "a", "kvstore.dev/cluster": "other"}}}""").getEnv().stream()
                .filter(each -> each.getValue() != null)
                .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));

        assertThat(environment)
                .containsEntry("KVSTORE_PORT", "8080")
                .containsEntry("MORE", "2")
                .containsEntry("KVSTORE_KUBERNETES_LEASE", "demo-leader")
                .containsEntry("KVSTORE_PEERS_DOMAIN", "demo-peers.ns.svc");
    }

    @Test
    void labelsOfTheUserDoNotReplaceTheOperatorsOwn() {
        StatefulSet set = find(
                StatefulSet.class,
                "demo",
                Scene.empty("{\"pod\": {\"labels\": {\"team\": \"a\", \"kvstore.dev/cluster\": \"other\"}}}"));

        assertThat(set.getSpec().getTemplate().getMetadata().getLabels())
                .containsEntry("team", "a")
                .containsEntry("kvstore.dev/cluster", "demo");
    }

    @Test
    void operatorWithAnotherDefaultImageRollsNothing() {
        Scene scene = Scene.empty("{}");
        StatefulSet present = find(StatefulSet.class, "demo", scene);

        RenderedPods kept = RenderedPods.keepOrRender(scene.cluster(), present, "kvstore/node:2");

        assertThat(kept.template()).isEqualTo(present.getSpec().getTemplate());
        assertThat(kept.annotations()).isEqualTo(present.getMetadata().getAnnotations());
    }

    @Test
    void orderAboutPodsMakesANewTemplate() {
        StatefulSet present = find(StatefulSet.class, "demo", Scene.empty("{}"));
        KVCluster changed = Scene.empty("{\"imagePullPolicy\":\"Always\"}").cluster();
        KVCluster other = Scene.empty("{\"replicas\":5,\"minInSync\":2}").cluster();

        assertThat(image(RenderedPods.keepOrRender(changed, present, "kvstore/node:2")))
                .isEqualTo("kvstore/node:2");
        assertThat(image(RenderedPods.keepOrRender(other, present, "kvstore/node:2")))
                .isEqualTo(IMAGE);
    }

    @Test
    void templateThatWasEditedIsPutBack() {
        Scene scene = Scene.empty("{}");
        StatefulSet present = find(StatefulSet.class, "demo", scene);
        present.getSpec().getTemplate().getSpec().getContainers().getFirst().setImage("other");

        assertThat(image(RenderedPods.keepOrRender(scene.cluster(), present, IMAGE)))
                .isEqualTo(IMAGE);
    }

    private static String image(RenderedPods rendered) {
        return rendered.template().getSpec().getContainers().getFirst().getImage();
    }

    private static Container container(String spec) {
        return find(StatefulSet.class, "demo", Scene.empty(spec))
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst();
    }

    private static <T extends HasMetadata> T find(Class<T> kind, String name) {
        return find(kind, name, Scene.empty("{}"));
    }

    private static <T extends HasMetadata> T find(Class<T> kind, String name, Scene scene) {
        return ClusterObjects.of(wanted(scene, null, IMAGE), true).stream()
                .filter(kind::isInstance)
                .filter(each -> each.getMetadata().getName().equals(name))
                .map(kind::cast)
                .findFirst()
                .orElseThrow();
    }

    private static List<HasMetadata> objects(String spec) {
        return ClusterObjects.of(wanted(Scene.empty(spec), null, IMAGE), true);
    }

    private static Wanted wanted(Scene scene, @Nullable StatefulSet present, String image) {
        KVCluster cluster = scene.cluster();
        return new Wanted(
                cluster,
                new TreeMap<>(Map.of("demo-0", "", "demo-1", "", "demo-2", "")),
                new TreeMap<>(),
                3,
                true,
                RenderedPods.keepOrRender(cluster, present, image),
                List.of());
    }
}
