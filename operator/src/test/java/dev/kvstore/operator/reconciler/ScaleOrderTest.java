package dev.kvstore.operator.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.operator.observed.Scene;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScaleOrderTest {
    private static final String THREE = "{\"replicas\":3,\"partitions\":4}";

    @Test
    void newPodsComeAtOnce() {
        assertThat(pods(Scene.running(3).spec("{\"replicas\":5,\"partitions\":4}")))
                .isEqualTo(5);
    }

    @Test
    void podsStayUntilTheNodesWereTold() {
        assertThat(pods(Scene.running(5).ring(3).spec(THREE))).isEqualTo(5);
    }

    @Test
    void podsStayWhileTheRingNamesTheirMembers() {
        assertThat(pods(Scene.running(5).spec(THREE).told(3))).isEqualTo(5);
    }

    @Test
    void podsStayWhileAPartitionNamesOneThatIsNoMemberAnyMore() {
        Scene scene = Scene.running(5)
                .ring(3)
                .spec(THREE)
                .told(3)
                .partition(2, List.of("demo-3", "demo-0"), List.of("demo-0", "demo-1"), false);

        assertThat(pods(scene)).isEqualTo(4);
    }

    @Test
    void podsGoWhenTheRingNamesTheirMembersNowhere() {
        assertThat(pods(Scene.running(5).ring(3).spec(THREE).told(3))).isEqualTo(3);
    }

    @Test
    void podsStayWhileThereIsNoRingToAsk() {
        assertThat(pods(Scene.running(5).withoutRing().spec(THREE).told(3))).isEqualTo(5);
    }

    @Test
    void orderTakenBackHalfwayKeepsAllPods() {
        assertThat(pods(Scene.running(5).told(3))).isEqualTo(5);
    }

    @Test
    void memberThatCameBackIntoTheRingGetsItsPodAgain() {
        assertThat(pods(Scene.running(4).set(3).spec(THREE).told(3))).isEqualTo(4);
        assertThat(pods(Scene.running(4).withoutSet().spec(THREE).told(3))).isEqualTo(4);
    }

    @Test
    void clusterMadeOverKeptVolumesStartsAllOfThem() {
        Scene scene = Scene.empty("{\"replicas\":2}").claim(0).claim(1).claim(2).claim(3);

        assertThat(pods(scene)).isEqualTo(4);
    }

    @Test
    void firstStartHasAsManyPodsAsOrdered() {
        assertThat(pods(Scene.empty("{}"))).isEqualTo(3);
    }

    private static int pods(Scene scene) {
        return ScaleOrder.pods(scene.observed());
    }
}
