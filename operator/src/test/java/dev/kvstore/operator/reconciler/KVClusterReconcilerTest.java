package dev.kvstore.operator.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.operator.OperatorSettings;
import dev.kvstore.operator.api.KVCluster;
import dev.kvstore.operator.api.KVClusterStatus;
import dev.kvstore.operator.observed.Scene;
import dev.kvstore.operator.resources.Documents;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.Operator;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The reconciler in its framework, against a mock of an API server that serves what a present Kubernetes serves. */
class KVClusterReconcilerTest {
    private static final int WAIT_S = 30;
    private static final String OLD_IMAGE = "kvstore/node:old";

    private final MockKubernetes kubernetes = new MockKubernetes();
    private final KubernetesClient client = kubernetes.client();
    private Operator operator = started(Map.of());

    private Operator started(Map<String, String> properties) {
        OperatorSettings settings = new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withMapping(OperatorSettings.class)
                .withDefaultValues(properties)
                .build()
                .getConfigMapping(OperatorSettings.class);
        Operator made =
                new Operator(overrider -> overrider.withKubernetesClient(client).withCloseClientOnStop(false));
        made.register(new KVClusterReconciler(client, settings, new SimpleMeterRegistry(), InstantSource.system()));
        made.start();
        return made;
    }

    @AfterEach
    void stop() {
        operator.stop();
        kubernetes.close();
    }

    @Test
    void makesEveryObjectAndASecondPassWritesNothing() {
        create("{\"replicas\":2}");
        awaitStatus(status -> "Creating".equals(status.phase()));
        assertThat(client.policy()
                        .v1()
                        .podDisruptionBudget()
                        .inNamespace("ns")
                        .withName("demo")
                        .get())
                .isNotNull();
        assertThat(set().get().getSpec().getReplicas()).isEqualTo(2);
        List<String> first = kubernetes.applied();

        // the acceptance of a loss that is none is answered in the status, at the end of another pass
        cluster().edit(each -> {
            each.getMetadata().setAnnotations(Map.of(LossOrder.ANNOTATION, "1"));
            return each;
        });
        awaitStatus(status -> status.conditions().getLast().getReason().equals("AcceptanceRefused"));

        assertThat(kubernetes
                        .applied()
                        .subList(first.size(), kubernetes.applied().size()))
                .allMatch(path -> path.endsWith("/kvclusters/demo/status"));
    }

    @Test
    void drainMayTakeAMemberOnlyWhileAllCopiesAreInSync() {
        create("{\"replicas\":2,\"partitions\":1}");
        awaitStatus(status -> "Creating".equals(status.phase()));
        awaitBudget(0);
        String members = readyMembers();

        writeRing(members, 1, "[\"demo-0\",\"demo-1\"]");
        awaitBudget(1);
        // a pod that starts again is ready long before it has caught up
        writeRing(members, 2, "[\"demo-0\"]");
        awaitBudget(0);
    }

    @Test
    void objectThatWasDeletedOrEditedComesBack() {
        create("{}");
        awaitStatus(status -> "Creating".equals(status.phase()));

        client.services().inNamespace("ns").withName("demo").delete();
        assertThat(client.services()
                        .inNamespace("ns")
                        .withName("demo")
                        .waitUntilCondition(Objects::nonNull, WAIT_S, TimeUnit.SECONDS))
                .isNotNull();

        client.services()
                .inNamespace("ns")
                .withName("demo-peers")
                .edit(each -> new ServiceBuilder(each)
                        .editSpec()
                        .withPublishNotReadyAddresses(false)
                        .endSpec()
                        .build());
        assertThat(client.services()
                        .inNamespace("ns")
                        .withName("demo-peers")
                        .waitUntilCondition(
                                each -> each.getSpec().getPublishNotReadyAddresses(), WAIT_S, TimeUnit.SECONDS))
                .isNotNull();
    }

    @Test
    void whatWasAddedByHandIsTakenAwayAgain() {
        create("{}");
        awaitStatus(status -> "Creating".equals(status.phase()));

        set().edit(each -> {
            each.getSpec()
                    .getTemplate()
                    .getSpec()
                    .getContainers()
                    .getFirst()
                    .getEnv()
                    .add(new EnvVar("X", "Y", null));
            each.getMetadata().getManagedFields().add(Serialization.unmarshal("""
                            {"manager": "kubectl-set", "operation": "Update", "fieldsV1": {"f:spec": {"f:template": {
                             "f:spec": {"f:containers": {"k:{\\"name\\":\\"node\\"}": {
                             "f:env": {"k:{\\"name\\":\\"X\\"}": {".": {}, "f:name": {}, "f:value": {}}}}}}}}}}
                            """, ManagedFieldsEntry.class));
            return each;
        });
        StatefulSet clean =
                awaitSet(each -> each.getMetadata().getManagedFields().size() == 1
                        && each.getSpec().getTemplate().getSpec().getContainers().getFirst().getEnv().stream()
                                .noneMatch(variable -> variable.getName().equals("X")));
        assertThat(clean).isNotNull();
    }

    @Test
    void setThatHasLostItsLabelsGetsThemBackThoughItsPodsAreThere() {
        create("{}");
        awaitStatus(status -> "Creating".equals(status.phase()));
        podOf(set().get());

        set().edit(each -> {
            each.getMetadata().setLabels(Map.of());
            return each;
        });
        assertThat(set().waitUntilCondition(
                                each -> each != null
                                        && !each.getMetadata().getLabels().isEmpty(),
                                WAIT_S,
                                TimeUnit.SECONDS))
                .isNotNull();
    }

    @Test
    void objectOfSomebodyElseIsNotTaken() {
        client.services()
                .inNamespace("ns")
                .resource(new ServiceBuilder()
                        .withNewMetadata()
                        .withName("demo")
                        .endMetadata()
                        .withNewSpec()
                        .withExternalName("elsewhere")
                        .endSpec()
                        .build())
                .create();

        create("{}");
        KVClusterStatus status = awaitStatus(each -> "Invalid".equals(each.phase()));

        assertThat(status.conditions().get(1).getReason()).isEqualTo("ObjectNotOurs");
        assertThat(client.services()
                        .inNamespace("ns")
                        .withName("demo")
                        .get()
                        .getSpec()
                        .getExternalName())
                .isEqualTo("elsewhere");
    }

    @Test
    void volumesGrowWhereTheirClassAllowsIt() {
        createWithVolumesThatGrow();
        claimOf(set().get());

        orderLargerVolumes();

        assertThat(claim().waitUntilCondition(
                                each -> VolumeOrder.size(each).equals(new Quantity("20Gi")), WAIT_S, TimeUnit.SECONDS))
                .isNotNull();
        assertThat(awaitSet(KVClusterReconcilerTest::hasLargerVolumes)).isNotNull();
    }

    @Test
    void growthOfVolumesRestartsNoPods() {
        operator.stop();
        operator = started(Map.of("kvstore.operator.node-image", OLD_IMAGE));
        createWithVolumesThatGrow();
        operator.stop();
        set().edit(each -> {
            each.getSpec()
                    .getTemplate()
                    .getMetadata()
                    .getAnnotations()
                    .put("kubectl.kubernetes.io/restartedAt", "2026-01-01T00:00:00Z");
            return each;
        });
        operator = started(Map.of());

        orderLargerVolumes();
        StatefulSet anew = awaitSet(each -> hasLargerVolumes(each)
                && each.getSpec().getTemplate().getMetadata().getAnnotations().containsValue("2026-01-01T00:00:00Z"));
        assertThat(image(anew)).isEqualTo(OLD_IMAGE);
    }

    private void createWithVolumesThatGrow() {
        client.storage()
                .v1()
                .storageClasses()
                .resource(new StorageClassBuilder()
                        .withNewMetadata()
                        .withName("fast")
                        .endMetadata()
                        .withProvisioner("test")
                        .withAllowVolumeExpansion(true)
                        .build())
                .create();
        create("{\"storage\":{\"storageClassName\":\"fast\"}}");
        awaitStatus(status -> "Creating".equals(status.phase()));
    }

    private void orderLargerVolumes() {
        cluster().edit(each -> {
            each.setSpec(Scene.empty("{\"storage\":{\"storageClassName\":\"fast\",\"size\":\"20Gi\"}}")
                    .cluster()
                    .getSpec());
            return each;
        });
    }

    private StatefulSet awaitSet(Predicate<StatefulSet> condition) {
        return Objects.requireNonNull(await(() -> set().get(), present -> present != null && condition.test(present)));
    }

    /** Asks again and again: a watch of the mock does not tell what happened between a list and its begin. */
    private static <T> @Nullable T await(Supplier<@Nullable T> look, Predicate<@Nullable T> condition) {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        while (true) {
            T seen = look.get();
            if (condition.test(seen)) {
                return seen;
            }
            assertThat(System.nanoTime())
                    .as(() -> "still this after " + WAIT_S + " s: " + Serialization.asYaml(seen))
                    .isLessThan(endNs);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private static boolean hasLargerVolumes(StatefulSet set) {
        return VolumeOrder.size(set.getSpec().getVolumeClaimTemplates().getFirst())
                .equals(new Quantity("20Gi"));
    }

    private static String image(StatefulSet set) {
        return set.getSpec().getTemplate().getSpec().getContainers().getFirst().getImage();
    }

    @Test
    void podsAreRestartedByTheOrderThatIsFollowedWhileANewerOneIsRefused() {
        create("{\"replicas\":2,\"partitions\":1}");
        awaitStatus(status -> "Creating".equals(status.phase()));
        cluster().edit(each -> {
            each.setSpec(Scene.empty("{\"replicas\":1,\"partitions\":1,\"paused\":true}")
                    .cluster()
                    .getSpec());
            return each;
        });
        awaitStatus(status -> "Invalid".equals(status.phase()));
        writeRing(readyMembers(), 1, "[\"demo-0\",\"demo-1\"]");
        set().editStatus(each -> new StatefulSetBuilder(each)
                .withNewStatus()
                .withObservedGeneration(each.getMetadata().getGeneration())
                .withUpdateRevision("demo-of-another-template")
                .endStatus()
                .build());
        await(() -> client.pods().inNamespace("ns").withName("demo-1").get(), Objects::isNull);
    }

    @Test
    void deletionTakesAwayAllAndKeepsOrDeletesTheVolumesAsOrdered() {
        create("{\"storage\":{\"whenDeleted\":\"Delete\"}}");
        awaitStatus(status -> "Creating".equals(status.phase()));
        claimOf(set().get());

        cluster().delete();
        cluster().waitUntilCondition(Objects::isNull, WAIT_S, TimeUnit.SECONDS);

        assertThat(set().get()).isNull();
        assertThat(claim().get()).isNull();
        assertThat(client.services().inNamespace("ns").list().getItems()).isEmpty();
        assertThat(client.configMaps().inNamespace("ns").list().getItems()).isEmpty();
        assertThat(client.leases().inNamespace("ns").list().getItems()).isEmpty();
    }

    @Test
    void deletionTakesAwayPodsThatBelongToNoStatefulSet() {
        create("{}");
        awaitStatus(status -> "Creating".equals(status.phase()));
        readyPod("demo-0");

        cluster().delete();
        await(() -> cluster().get(), Objects::isNull);

        assertThat(client.pods().inNamespace("ns").list().getItems()).isEmpty();
    }

    @Test
    void deletionTakesAwayAStatefulSetThatHasLostItsLabels() {
        create("{}");
        awaitStatus(status -> "Creating".equals(status.phase()));
        Resource<Pod> pod = podOf(set().get());
        StatefulSet unlabelled = new StatefulSetBuilder(set().get())
                .editMetadata()
                .withUid(null)
                .withResourceVersion(null)
                .withLabels(Map.of())
                .endMetadata()
                .build();

        cluster().delete();
        await(() -> set().get(), Objects::isNull);
        client.resource(unlabelled).create();
        await(() -> set().get(), Objects::isNull);
        pod.delete();
        await(() -> cluster().get(), Objects::isNull);
    }

    @Test
    void tellsInEventsWhatHappens() {
        create("{\"replicas\":1}");
        awaitStatus(status -> "Invalid".equals(status.phase()));

        assertThat(client.v1()
                        .events()
                        .inNamespace("ns")
                        .waitUntilCondition(
                                each -> each != null && each.getReason().equals("ReplicasBelowReplicationFactor"),
                                WAIT_S,
                                TimeUnit.SECONDS))
                .extracting(Event::getType)
                .isEqualTo("Warning");
        assertThat(set().get()).isNull();
    }

    private void create(String spec) {
        KVCluster cluster = Scene.empty(spec).cluster();
        cluster.setMetadata(
                new ObjectMetaBuilder().withName("demo").withNamespace("ns").build());
        client.resource(cluster).create();
    }

    private Resource<KVCluster> cluster() {
        return client.resources(KVCluster.class).inNamespace("ns").withName("demo");
    }

    private KVClusterStatus awaitStatus(Predicate<KVClusterStatus> condition) {
        return Objects.requireNonNull(cluster()
                .waitUntilCondition(
                        each -> each != null && each.getStatus() != null && condition.test(each.getStatus()),
                        WAIT_S,
                        TimeUnit.SECONDS)
                .getStatus());
    }

    private Resource<StatefulSet> set() {
        return client.apps().statefulSets().inNamespace("ns").withName("demo");
    }

    /** As the StatefulSet's controller makes it. */
    private Resource<Pod> podOf(StatefulSet set) {
        client.resource(new PodBuilder()
                        .withNewMetadata()
                        .withName("demo-0")
                        .withNamespace("ns")
                        .withLabels(set.getSpec().getTemplate().getMetadata().getLabels())
                        .addNewOwnerReference()
                        .withApiVersion("apps/v1")
                        .withKind("StatefulSet")
                        .withName("demo")
                        .withUid(set.getMetadata().getUid())
                        .withController(true)
                        .endOwnerReference()
                        .endMetadata()
                        .build())
                .create();
        return client.pods().inNamespace("ns").withName("demo-0");
    }

    private Resource<PersistentVolumeClaim> claim() {
        return client.persistentVolumeClaims().inNamespace("ns").withName("data-demo-0");
    }

    /** As the StatefulSet's controller makes it. */
    private void claimOf(StatefulSet set) {
        client.resource(new PersistentVolumeClaimBuilder(
                                set.getSpec().getVolumeClaimTemplates().getFirst())
                        .editMetadata()
                        .withName("data-demo-0")
                        .withNamespace("ns")
                        .endMetadata()
                        .build())
                .create();
    }

    private void awaitBudget(int maxUnavailable) {
        await(
                () -> client.policy()
                        .v1()
                        .podDisruptionBudget()
                        .inNamespace("ns")
                        .withName("demo")
                        .get(),
                present ->
                        present != null && present.getSpec().getMaxUnavailable().getIntVal() == maxUnavailable);
    }

    /** As the StatefulSet's controller makes it, and its kubelet sees it; its UID. */
    private String readyPod(String name) {
        return client.resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace("ns")
                        .withLabels(set().get()
                                .getSpec()
                                .getTemplate()
                                .getMetadata()
                                .getLabels())
                        .endMetadata()
                        .withNewStatus()
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus("True")
                        .endCondition()
                        .endStatus()
                        .build())
                .create()
                .getMetadata()
                .getUid();
    }

    private String readyMembers() {
        return Stream.of("demo-0", "demo-1")
                .map(name -> "{\"name\":\"%s\",\"instance\":\"%s\"}".formatted(name, readyPod(name)))
                .collect(Collectors.joining(","));
    }

    /** As the nodes write it. */
    private void writeRing(String members, int version, String inSync) {
        client.configMaps().inNamespace("ns").withName("demo-ring").edit(each -> {
            each.setData(Map.of(Documents.RING, """
                    {"clusterId": "id", "version": %d, "members": [%s], "partitions": [
                      {"epoch": 1, "primary": "demo-0", "inSync": %s, "replicas": ["demo-0", "demo-1"]}]}
                    """.formatted(version, members, inSync)));
            return each;
        });
    }
}
