package dev.kvstore.operator.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.operator.api.KVClusterStatus;
import dev.kvstore.operator.observed.Machine;
import dev.kvstore.operator.observed.Scene;
import dev.kvstore.operator.status.Report;
import dev.kvstore.operator.status.Situation;
import dev.kvstore.operator.status.Situation.Remark;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OrdersTest {
    private static final StorageClass GROWS =
            new StorageClassBuilder().withAllowVolumeExpansion(true).build();
    private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");
    private static final StorageClass FIXED = new StorageClassBuilder().build();

    // --- what is refused -------------------------------------------------------------------------------------------

    @Test
    void orderThatCannotBeIsRefusedWithAReason() {
        assertThat(refused("{\"replicas\":1}", null)).isEqualTo("ReplicasBelowReplicationFactor");
        assertThat(refused("{\"minInSync\":3}", null)).isEqualTo("MinInSyncAboveReplicationFactor");
        assertThat(refused("{\"partitions\":100}", null)).isEqualTo("InvalidPartitions");
        assertThat(refused("{\"partitions\":8}", null)).isEqualTo("PartitionsChanged");
        assertThat(refused("{\"partitions\":4,\"recovery\":{\"replaceAfter\":\"soon\"}}", null))
                .isEqualTo("InvalidReplaceAfter");
        assertThat(refused("{\"partitions\":4,\"rebalance\":{\"maxBytesPerSecond\":\"fast\"}}", null))
                .isEqualTo("InvalidRebalance");
        assertThat(refused("{\"partitions\":4,\"rebalance\":{\"maxBytesPerSecond\":\"500m\"}}", null))
                .isEqualTo("InvalidRebalance");
        assertThat(refused("{\"partitions\":4,\"rebalance\":{\"maxBytesPerSecond\":-1}}", null))
                .isEqualTo("InvalidRebalance");
        assertThat(refused("{\"partitions\":4}", null)).isEqualTo("accepted");
    }

    @Test
    void volumesNeverShrinkAndGrowOnlyWhereTheirClassAllowsIt() {
        assertThat(refused(size("5Gi"), GROWS)).isEqualTo("StorageShrunk");
        assertThat(refused(size("20Gi"), FIXED)).isEqualTo("StorageCannotGrow");
        assertThat(refused(size("20Gi"), null)).isEqualTo("StorageCannotGrow");
        assertThat(refused(size("20Gi"), GROWS)).isEqualTo("accepted");
        assertThat(refused(size("10240Mi"), null)).isEqualTo("accepted");
        assertThat(refused("{\"partitions\":4,\"storage\":{\"storageClassName\":\"other\"}}", GROWS))
                .isEqualTo("StorageClassChanged");
    }

    @Test
    void firstOrderNeedsAStorageClassThatExists() {
        Scene scene = Scene.empty("{\"storage\":{\"storageClassName\":\"fast\"}}");

        assertThat(SpecCheck.check(scene.observed(), null).map(Remark::reason)).contains("StorageClassNotFound");
        assertThat(SpecCheck.check(scene.observed(), FIXED)).isEmpty();
        assertThat(SpecCheck.check(Scene.empty("{}").observed(), null)).isEmpty();
    }

    @Test
    void partitionsStayFixedWhenTheConfigIsAllThatTellsThem() {
        Scene scene = Scene.running(3).withoutRing().spec("{\"partitions\":8}");

        assertThat(SpecCheck.check(scene.observed(), null).map(Remark::reason)).contains("PartitionsChanged");
    }

    @Test
    void nodesAreToldHowFastToMoveCopies() {
        assertThat(config(Scene.running(3), "desired.json"))
                .contains("\"maxConcurrentMoves\" : 4", "\"maxBytesPerSecond\" : 0");
        assertThat(config(
                        Scene.running(3)
                                .spec("{\"partitions\":4,\"rebalance\":"
                                        + "{\"maxConcurrentMoves\":2,\"maxBytesPerSecond\":\"50Mi\"}}"),
                        "desired.json"))
                .contains("\"maxConcurrentMoves\" : 2", "\"maxBytesPerSecond\" : 52428800");
        assertThat(config(
                        Scene.running(3).spec("{\"partitions\":4,\"rebalance\":{\"maxBytesPerSecond\":1000}}"),
                        "desired.json"))
                .contains("\"maxConcurrentMoves\" : 4", "\"maxBytesPerSecond\" : 1000");
    }

    @Test
    void whileAnOrderIsRefusedTheClusterIsKeptByTheOneBefore() {
        Scene scene = Scene.running(3)
                .spec("{\"replicas\":3,\"partitions\":4,\"limits\":{\"maxValueBytes\":1000},\"rebalance\":{}}");
        Situation followed = Course.of(scene.observed(), Optional.empty(), "image", true, NOW)
                .situation();
        scene.cluster().setStatus(Report.of(followed, null, Instant.EPOCH));
        scene.spec("{\"replicas\":1,\"partitions\":4}");

        Course course = Course.of(
                scene.observed(), Optional.of(new Remark("ReplicasBelowReplicationFactor", "")), "image", true, NOW);

        assertThat(course.actions()).hasSize(10).allMatch(Action.Apply.class::isInstance);
        assertThat(config(course.actions(), "desired.json")).contains("\"memberCount\" : 3");
        assertThat(config(course.actions(), "limits.json")).contains("\"maxValueBytes\" : 1000");
        KVClusterStatus status = Report.of(course.situation(), scene.cluster().getStatus(), Instant.EPOCH);
        assertThat(status.ready()).isEqualTo("3/3");
        assertThat(status.phase()).isEqualTo("Invalid");
        assertThat(status.followedSpec()).contains("\"maxValueBytes\":1000");
    }

    @Test
    void refusedOrderTouchesNothing() {
        Course course = Course.of(
                Scene.running(3).spec("{\"replicas\":1,\"paused\":true}").observed(),
                Optional.of(new Remark("ReplicasBelowReplicationFactor", "")),
                "image",
                true,
                NOW);

        assertThat(course.actions()).isEmpty();
    }

    // --- losses ----------------------------------------------------------------------------------------------------

    @Test
    void acceptedLossesAreToldToTheNodesWithTheirEpochs() {
        Scene scene = Scene.running(3)
                .partition(2, List.of(), List.of("demo-1", "demo-2"), true)
                .annotated(LossOrder.ANNOTATION, " 2 ");

        assertThat(config(scene, "desired.json")).contains("\"acceptLoss\" : {\n    \"2\" : 6\n  }");
    }

    @Test
    void annotationThatNamesAnythingElseIsRefusedAsAWhole() {
        Scene scene = Scene.running(3)
                .partition(2, List.of(), List.of("demo-1", "demo-2"), true)
                .annotated(LossOrder.ANNOTATION, "2,3");
        LossOrder order = LossOrder.of(scene.observed());

        assertThat(order.accepted()).isEmpty();
        assertThat(order.done()).isFalse();
        assertThat(order.refusal().orElseThrow().message()).contains("names 3, which is not lost; lost are [2]");
    }

    @Test
    void annotationIsTakenOffWhenTheLossWasCleared() {
        Scene scene = Scene.running(3).told(3, Map.of(), Map.of(2, 6L)).annotated(LossOrder.ANNOTATION, "2");

        assertThat(actions(scene, Action.RemoveAnnotation.class))
                .containsExactly(new Action.RemoveAnnotation(LossOrder.ANNOTATION, List.of(2)));
    }

    @Test
    void annotationOfWhichAPartWasClearedIsFollowedToItsEnd() {
        Scene scene = Scene.running(3)
                .partition(2, List.of(), List.of("demo-1", "demo-2"), true)
                .told(3, Map.of(), Map.of(2, 6L, 3, 6L))
                .annotated(LossOrder.ANNOTATION, "2,3");
        SortedMap<Integer, Long> accepted = LossOrder.of(scene.observed()).accepted();
        assertThat(accepted).containsOnlyKeys(2, 3);

        // the next pass, after the nodes were told
        scene.told(3, Map.of(), accepted);
        LossOrder next = LossOrder.of(scene.observed());
        assertThat(next.refusal()).isEmpty();
        assertThat(next.done()).isFalse();

        scene.ring(3);
        assertThat(actions(scene, Action.RemoveAnnotation.class)).hasSize(1);
    }

    @Test
    void nothingIsAcceptedWithoutAnOrder() {
        Scene scene = Scene.running(3).partition(2, List.of(), List.of("demo-1", "demo-2"), true);

        assertThat(config(scene, "desired.json")).contains("\"acceptLoss\" : { }");
    }

    // --- volumes ---------------------------------------------------------------------------------------------------

    @Test
    void volumeOfARemovedMemberGoesWhenNobodyNeedsIt() {
        Scene scene = Scene.running(3).claim(3).claim(4).newPod(4, Scene.NEW, true);

        assertThat(actions(scene, Action.DeleteClaim.class))
                .extracting(each -> each.claim().getMetadata().getName())
                .containsExactly("data-demo-3");
    }

    @Test
    void volumeOfAMemberInTheRingStays() {
        Scene scene =
                Scene.running(4).spec("{\"partitions\":4}").withoutPod(3).set(3).told(3);

        assertThat(actions(scene, Action.DeleteClaim.class)).isEmpty();
    }

    @Test
    void volumesStayWhenThereIsNoRingOrThePolicySaysSo() {
        assertThat(actions(Scene.running(3).withoutRing().claim(3), Action.DeleteClaim.class))
                .isEmpty();
        assertThat(actions(
                        Scene.running(3).claim(3).spec("{\"partitions\":4,\"storage\":{\"whenScaled\":\"Retain\"}}"),
                        Action.DeleteClaim.class))
                .isEmpty();
    }

    @Test
    void volumesGrowAndTheStatefulSetIsMadeAnewAroundItsPods() {
        Scene scene = Scene.running(3).spec(size("20Gi"));

        assertThat(actions(scene, Action.GrowClaim.class)).hasSize(3);
        assertThat(actions(scene, Action.RemakeSet.class)).hasSize(1);
        assertThat(actions(Scene.running(3), Action.GrowClaim.class)).isEmpty();
        assertThat(actions(Scene.running(3), Action.RemakeSet.class)).isEmpty();
    }

    // --- machines --------------------------------------------------------------------------------------------------

    @Test
    void podIsForgottenOnlyWhenItsMachineIsGone() {
        Scene scene = Scene.running(3)
                .terminating(1)
                .onMachine(1, "silent", Machine.PLAIN)
                .onMachine(2, "gone", new Machine("", true));

        assertThat(actions(scene, Action.Forget.class))
                .extracting(each -> each.node().name())
                .containsExactly("demo-2");
    }

    @Test
    void podIsForgottenBeforeAnythingThatKubernetesMayReject() {
        Scene scene = Scene.running(3).terminating(2).onMachine(2, "gone", new Machine("", true));

        assertThat(Course.of(scene.observed(), Optional.empty(), "image", true, NOW)
                        .actions()
                        .getFirst())
                .isInstanceOf(Action.Forget.class);
    }

    @Test
    void membersGetTheZonesOfTheirMachinesAndKeepThemWhileAPodIsAway() {
        Scene scene = Scene.running(3)
                .onMachine(0, "a", new Machine("zone-a", false))
                .withoutPod(1)
                .told(3, Map.of("demo-1", "zone-b"), Map.of());

        assertThat(config(scene, "desired.json"))
                .contains("\"demo-0\" : \"zone-a\"", "\"demo-1\" : \"zone-b\"", "\"demo-2\" : \"\"");
    }

    @Test
    void drainTakesOnlyFromAClusterThatIsWhole() {
        assertThat(drainMayTake(Scene.running(3))).isEqualTo(1);
        assertThat(drainMayTake(Scene.running(3).pod(1, Scene.NEW, false))).isZero();
        assertThat(drainMayTake(Scene.running(3).terminating(1))).isZero();
        assertThat(drainMayTake(Scene.running(3).newPod(1, Scene.NEW, true)))
                .as("a pod that the ring does not know yet")
                .isZero();
        assertThat(drainMayTake(Scene.running(3).partition(1, List.of("demo-1"), List.of("demo-1", "demo-2"), false)))
                .as("a copy that is not back in sync")
                .isZero();
        assertThat(drainMayTake(Scene.running(3).withoutRing())).isZero();
    }

    private static int drainMayTake(Scene scene) {
        return actions(scene, Action.Apply.class).stream()
                .map(Action.Apply::object)
                .filter(PodDisruptionBudget.class::isInstance)
                .map(PodDisruptionBudget.class::cast)
                .map(each -> each.getSpec().getMaxUnavailable().getIntVal())
                .findFirst()
                .orElseThrow();
    }

    // --- all of it -------------------------------------------------------------------------------------------------

    @Test
    void scaleDownTellsTheNodesFirstAndKeepsThePods() {
        Scene scene = Scene.running(5).spec("{\"replicas\":3,\"partitions\":4}");

        assertThat(config(scene, "desired.json"))
                .contains("\"memberCount\" : 3")
                .doesNotContain("demo-3");
        assertThat(Course.of(scene.observed(), Optional.empty(), "image", true, NOW)
                        .situation()
                        .pods())
                .isEqualTo(5);
    }

    @Test
    void clusterAsOrderedHasNothingToDoButToBeHeldSo() {
        Course course = Course.of(Scene.running(3).observed(), Optional.empty(), "image", true, NOW);

        assertThat(course.actions()).hasSize(10).allMatch(Action.Apply.class::isInstance);
    }

    @Test
    void setThatWasDeletedIsMadeAnewWhenItsPodsAreGone() {
        Scene deleted = Scene.running(3).withoutSet();
        assertThat(actions(deleted, Action.Apply.class))
                .as("pods without an owner")
                .hasSize(10);

        deleted.ownedByASet(0).ownedByASet(1).withoutPod(2);
        Course course = Course.of(deleted.observed(), Optional.empty(), "image", true, NOW);
        assertThat(course.actions()).hasSize(9).noneMatch(OrdersTest::makesTheSet);
        assertThat(course.situation().update().map(Remark::reason)).contains("FormerPodsStopping");

        assertThat(actions(deleted.withoutPod(0).withoutPod(1), Action.Apply.class))
                .anyMatch(OrdersTest::makesTheSet);
    }

    @Test
    void podThatDoesNotStopInItsTimeIsNotWaitedFor() {
        Scene deleted = Scene.running(3).withoutSet().ownedByASet(0);
        assertThat(actions(deleted.terminatingUntil(0, NOW.minusSeconds(59)), Action.Apply.class))
                .noneMatch(OrdersTest::makesTheSet);
        assertThat(actions(deleted.terminatingUntil(0, NOW.minusSeconds(60)), Action.Apply.class))
                .anyMatch(OrdersTest::makesTheSet);
    }

    private static boolean makesTheSet(Action action) {
        return action instanceof Action.Apply(HasMetadata object) && object instanceof StatefulSet;
    }

    private static String size(String size) {
        return "{\"partitions\":4,\"storage\":{\"size\":\"" + size + "\"}}";
    }

    private static String refused(String spec, @Nullable StorageClass storageClass) {
        return SpecCheck.check(Scene.running(3).spec(spec).observed(), storageClass)
                .map(Remark::reason)
                .orElse("accepted");
    }

    private static <A extends Action> List<A> actions(Scene scene, Class<A> kind) {
        return Course.of(scene.observed(), Optional.empty(), "image", true, NOW).actions().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    private static String config(Scene scene, String key) {
        return config(List.copyOf(actions(scene, Action.Apply.class)), key);
    }

    private static String config(List<Action> actions, String key) {
        Stream<HasMetadata> objects = actions.stream()
                .filter(Action.Apply.class::isInstance)
                .map(Action.Apply.class::cast)
                .map(Action.Apply::object);
        return objects.filter(each -> each.getMetadata().getName().equals("demo-config"))
                .map(ConfigMap.class::cast)
                .map(each -> each.getData().get(key))
                .findFirst()
                .orElseThrow();
    }
}
