package dev.kvstore.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.operator.api.KVClusterStatus;
import dev.kvstore.operator.api.KVClusterStatus.PartitionCounts;
import dev.kvstore.operator.observed.Scene;
import dev.kvstore.operator.status.Situation.Remark;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final Instant EARLY = Instant.parse("2026-01-01T00:00:00.5Z");
    private static final Instant LATE = Instant.parse("2026-01-01T01:00:00Z");

    @Test
    void healthyClusterIsReadyAndRunning() {
        KVClusterStatus status = report(Scene.running(3), null, EARLY);

        assertThat(condition(status, "Ready")).isEqualTo("True Serving");
        assertThat(condition(status, "Progressing")).isEqualTo("False UpToDate");
        assertThat(condition(status, "Degraded")).isEqualTo("False Healthy");
        assertThat(condition(status, "DataLost")).isEqualTo("False NothingLost");
        assertThat(status.phase()).isEqualTo("Running");
        assertThat(status.ready()).isEqualTo("3/3");
        assertThat(status.leader()).isEqualTo("demo-0");
        assertThat(status.ringVersion()).isEqualTo(7);
        assertThat(status.selector()).isEqualTo("app.kubernetes.io/instance=demo,app.kubernetes.io/name=kvstore");
        assertThat(status.partitions()).isEqualTo(new PartitionCounts(4, 4, 0, 0));
    }

    @Test
    void sameSituationLaterGivesTheSameStatus() {
        KVClusterStatus first = report(Scene.running(3), null, EARLY);

        assertThat(report(Scene.running(3), first, LATE)).isEqualTo(first);
    }

    @Test
    void transitionTimeChangesWithTheTruthOfAConditionOnly() {
        KVClusterStatus first = report(Scene.running(3).pod(0, Scene.NEW, false), null, EARLY);
        KVClusterStatus second = report(Scene.running(3).pod(1, Scene.NEW, false), first, LATE);
        KVClusterStatus third = report(Scene.running(3), second, LATE);

        assertThat(since(second, "Ready")).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(since(third, "Ready")).isEqualTo("2026-01-01T01:00:00Z");
        assertThat(since(third, "DataLost")).isEqualTo("2026-01-01T00:00:00Z");
    }

    @Test
    void newClusterWaitsForItsFirstRing() {
        KVClusterStatus status = report(Scene.empty("{}"), null, EARLY);

        assertThat(condition(status, "Ready")).isEqualTo("False NoRing");
        assertThat(status.phase()).isEqualTo("Creating");
        assertThat(status.ready()).isEqualTo("0/3");
        assertThat(status.partitions()).isNull();
    }

    @Test
    void ringThatIsGoneMakesNoNewCluster() {
        KVClusterStatus before = report(Scene.running(3), null, EARLY);
        KVClusterStatus status = report(Scene.running(3).withoutRing(), before, LATE);

        assertThat(condition(status, "Ready")).isEqualTo("False NoRing");
        assertThat(condition(status, "Progressing")).isEqualTo("True RestoringRing");
        assertThat(condition(status, "Degraded")).isEqualTo("True NoRing");
        assertThat(status.phase()).isEqualTo("Degraded");
        assertThat(status.ringVersion()).isEqualTo(before.ringVersion());
        assertThat(report(Scene.running(3), status, LATE).phase()).isEqualTo("Running");
    }

    @Test
    void memberThatIsAwayLeavesItsPartitionsWithoutPrimary() {
        KVClusterStatus status = report(Scene.running(3).withoutPod(1), null, EARLY);

        assertThat(condition(status, "Ready")).isEqualTo("False PartitionsWithoutPrimary");
        assertThat(condition(status, "Degraded")).isEqualTo("True MembersAway");
        assertThat(status.partitions()).isEqualTo(new PartitionCounts(4, 4, 1, 0));
        assertThat(status.phase()).isEqualTo("Degraded");
    }

    @Test
    void imageThatCannotBePulledIsNamedWithWhatToDo() {
        KVClusterStatus status =
                report(Scene.empty("{}").set(3).waiting(0, Scene.NEW, "ImagePullBackOff"), null, EARLY);

        assertThat(condition(status, "Degraded")).isEqualTo("True ImageNotAvailable");
        assertThat(message(status, "Degraded")).contains("demo-0", "set spec.image to an image that can be pulled");
    }

    @Test
    void lossNamesThePartitionsAndTheOneWayOn() {
        Scene scene = Scene.running(3).partition(2, List.of(), List.of("demo-1", "demo-2"), true);
        KVClusterStatus status = report(scene, null, EARLY);

        assertThat(condition(status, "DataLost")).isEqualTo("True PartitionsLost");
        assertThat(message(status, "DataLost"))
                .contains("kubectl annotate kvcluster demo kvstore.dev/accept-data-loss=2");
        assertThat(condition(status, "Ready")).isEqualTo("False PartitionsLost");
        assertThat(status.phase()).isEqualTo("DataLost");
    }

    @Test
    void refusedOrderSaysWhyAndTheClusterStaysReady() {
        Situation situation = new Situation(
                Scene.running(3).observed(),
                3,
                Optional.of(new Remark("StorageShrunk", "set it back")),
                Optional.empty(),
                Optional.empty());
        KVClusterStatus status = Report.of(situation, null, EARLY);

        assertThat(condition(status, "Ready")).isEqualTo("True Serving");
        assertThat(condition(status, "Progressing")).isEqualTo("False StorageShrunk");
        assertThat(status.phase()).isEqualTo("Invalid");
    }

    @Test
    void scaleDownSaysWhatItWaitsFor() {
        KVClusterStatus status = report(Scene.running(5).spec("{\"partitions\":4}"), null, EARLY);

        assertThat(condition(status, "Progressing")).isEqualTo("True ScalingDown");
        assertThat(message(status, "Progressing")).contains("2 partitions still have to leave demo-3, demo-4");
        assertThat(status.partitionsToMove()).isEqualTo(2);
        assertThat(status.phase()).isEqualTo("Scaling");
    }

    @Test
    void scaleUpLastsUntilTheNewMembersAreInTheRing() {
        KVClusterStatus status = report(
                Scene.running(3).spec("{\"replicas\":4,\"partitions\":4}").set(4), null, EARLY);

        assertThat(condition(status, "Progressing")).isEqualTo("True ScalingUp");
        assertThat(message(status, "Progressing")).contains("demo-3");
    }

    @Test
    void rebalanceLastsUntilSurplusCopiesAreGivenUpAndPrimariesHandedOver() {
        List<String> target = List.of("demo-1", "demo-2");
        KVClusterStatus surplus = report(
                Scene.running(3).partition(1, List.of("demo-1", "demo-2", "demo-0"), target, false), null, EARLY);
        KVClusterStatus handOver =
                report(Scene.running(3).partition(1, List.of("demo-2", "demo-1"), target, false), null, EARLY);
        KVClusterStatus done = report(Scene.running(3).partition(1, target, target, false), null, EARLY);

        assertThat(surplus.phase()).isEqualTo("Rebalancing");
        assertThat(surplus.partitionsToMove()).isEqualTo(1);
        assertThat(handOver.phase()).isEqualTo("Rebalancing");
        assertThat(done.phase()).isEqualTo("Running");
    }

    @Test
    void moreCopiesAreOnTheMoveUntilTheLastOneIsMade() {
        Scene ordered = Scene.running(3).spec("{\"replicationFactor\":3}");
        KVClusterStatus begun = report(ordered, null, EARLY);

        assertThat(begun.phase()).isEqualTo("Rebalancing");
        assertThat(begun.partitionsToMove()).isEqualTo(4);
        // without a member that is there, none can be made
        assertThat(report(ordered.pod(2, Scene.NEW, false), null, EARLY).phase())
                .isEqualTo("Degraded");
    }

    @Test
    void copiesOfAMemberThatIsAwayAreMissing() {
        Scene behind = Scene.running(3).partition(1, List.of("demo-1"), List.of("demo-1", "demo-2"), false);

        assertThat(report(behind, null, EARLY).phase()).isEqualTo("Rebalancing");
        assertThat(report(behind.pod(2, Scene.NEW, false), null, EARLY).phase()).isEqualTo("Degraded");
    }

    @Test
    void updateLastsUntilItsLastPodIsBack() {
        Situation updating = new Situation(
                Scene.running(3).pod(2, Scene.OLD, true).observed(),
                3,
                Optional.empty(),
                Optional.empty(),
                Optional.of(new Remark("Restarting", "demo-2 restarts")));
        KVClusterStatus during = Report.of(updating, null, EARLY);
        KVClusterStatus waiting = report(Scene.running(3).newPod(2, Scene.NEW, true), during, EARLY);
        KVClusterStatus after = report(Scene.running(3), waiting, LATE);

        assertThat(during.phase()).isEqualTo("Updating");
        assertThat(waiting.phase()).isEqualTo("Updating");
        assertThat(after.phase()).isEqualTo("Running");
    }

    @Test
    void eventsTellTransitionsOnceAndOnlyThem() {
        KVClusterStatus creating = report(Scene.empty("{}"), null, EARLY);
        KVClusterStatus running = report(Scene.running(3), creating, EARLY);
        KVClusterStatus headless = report(Scene.running(3).leader("demo-1").withoutRing(), running, EARLY);
        KVClusterStatus restored = report(Scene.running(3).ringVersion(8), headless, EARLY);

        assertThat(reasons(null, creating)).containsExactly("Creating");
        assertThat(reasons(creating, creating)).isEmpty();
        assertThat(reasons(creating, running)).containsExactly("Ready", "UpToDate", "Healthy");
        assertThat(reasons(running, headless)).contains("NotReady", "LeaderChanged");
        assertThat(reasons(headless, restored)).contains("Ready", "LeaderChanged");
    }

    private static List<String> reasons(@Nullable KVClusterStatus before, KVClusterStatus now) {
        return Announcement.between(before, now).stream()
                .map(Announcement::reason)
                .toList();
    }

    private static KVClusterStatus report(Scene scene, @Nullable KVClusterStatus before, Instant now) {
        return Report.of(
                new Situation(scene.observed(), 3, Optional.empty(), Optional.empty(), Optional.empty()), before, now);
    }

    private static String condition(KVClusterStatus status, String type) {
        return Conditions.find(status.conditions(), type)
                .map(each -> each.getStatus() + " " + each.getReason())
                .orElse("none");
    }

    private static String message(KVClusterStatus status, String type) {
        return Conditions.find(status.conditions(), type).orElseThrow().getMessage();
    }

    private static String since(KVClusterStatus status, String type) {
        return Conditions.find(status.conditions(), type).orElseThrow().getLastTransitionTime();
    }
}
