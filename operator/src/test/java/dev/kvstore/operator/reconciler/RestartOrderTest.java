package dev.kvstore.operator.reconciler;

import static dev.kvstore.operator.observed.Scene.NEW;
import static dev.kvstore.operator.observed.Scene.OLD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.operator.observed.Scene;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestartOrderTest {
    @Test
    void nothingRestartsWhenAllPodsAreOfThePresentTemplate() {
        assertThat(RestartOrder.of(Scene.running(3).observed())).isEqualTo(new RestartOrder.UpToDate());
    }

    @Test
    void healthyPodsGoFromTheLastToTheFirst() {
        Scene scene = Scene.running(3).pod(1, OLD, true).pod(2, OLD, true);

        assertThat(next(scene)).isEqualTo("demo-2");
    }

    @Test
    void leaderGoesLast() {
        Scene scene = Scene.running(3)
                .pod(0, OLD, true)
                .pod(1, OLD, true)
                .pod(2, OLD, true)
                .leader("demo-2");

        assertThat(next(scene)).isEqualTo("demo-1");
        assertThat(next(scene.pod(0, NEW, true).pod(1, NEW, true))).isEqualTo("demo-2");
    }

    @Test
    void nobodyGoesWhileTheRingKnowsOnlyThePredecessorOfANewPod() {
        Scene scene = Scene.running(3).pod(0, OLD, true).newPod(2, NEW, true);

        assertThat(reason(scene)).isEqualTo("PodNotBack");
    }

    @Test
    void nobodyGoesWhileAnotherStops() {
        Scene scene = Scene.running(3).pod(0, OLD, true).pod(2, OLD, true).terminating(2);

        assertThat(reason(scene)).isEqualTo("PodStopping");
    }

    @Test
    void nobodyGoesWhileAPodIsMissing() {
        Scene scene = Scene.running(3).pod(0, OLD, true).withoutPod(2);

        assertThat(reason(scene)).isEqualTo("PodMissing");
    }

    @Test
    void nobodyGoesWhileACopyIsMissing() {
        Scene scene =
                Scene.running(3).pod(0, OLD, true).partition(1, List.of("demo-1"), List.of("demo-1", "demo-2"), false);

        assertThat(reason(scene)).isEqualTo("CopiesMissing");
    }

    @Test
    void nobodyGoesWhileAPartitionIsLost() {
        Scene scene = Scene.running(3)
                .pod(0, OLD, true)
                .partition(1, List.of("demo-1", "demo-2"), List.of("demo-1", "demo-2"), true);

        assertThat(reason(scene)).isEqualTo("CopiesMissing");
    }

    @Test
    void nobodyGoesBeforeKubernetesHasSeenTheTemplate() {
        Scene scene = Scene.running(3).pod(0, OLD, true).setNotObserved();

        assertThat(reason(scene)).isEqualTo("StatefulSetNotObserved");
    }

    @Test
    void podsWithVoidTokensGoLikeThoseOfAnOlderTemplate() {
        Scene scene = Scene.running(3).withVoidToken(0).withVoidToken(1).withVoidToken(2);

        assertThat(next(scene)).isEqualTo("demo-2");
        assertThat(next(scene.pod(1, NEW, true).pod(2, NEW, true))).isEqualTo("demo-0");
        assertThat(RestartOrder.of(scene.pod(0, NEW, true).observed())).isEqualTo(new RestartOrder.UpToDate());
    }

    @Test
    void podWithAVoidTokenGoesThoughThereIsNoRingThatAnyoneCouldWrite() {
        Scene scene =
                Scene.running(3).withoutRing().withVoidToken(0).withVoidToken(1).withVoidToken(2);

        assertThat(next(scene)).isEqualTo("demo-0");
        assertThat(reason(scene.newPod(0, NEW, true))).isEqualTo("PodNotBack");
    }

    @Test
    void nobodyGoesWhilePaused() {
        Scene scene =
                Scene.running(3).spec("{\"partitions\":4,\"paused\":true}").waiting(0, OLD, "ErrImagePull");

        assertThat(reason(scene)).isEqualTo("Paused");
    }

    @Test
    void podWithAnImageThatDoesNotExistIsReplacedAtOnceWhenTheOrderIsTakenBack() {
        Scene scene = Scene.running(3)
                .waiting(2, OLD, "ImagePullBackOff")
                .partition(1, List.of("demo-1"), List.of("demo-1", "demo-2"), false);

        assertThat(next(scene)).isEqualTo("demo-2");
    }

    @Test
    void allPodsWithABadImageAreReplacedThoughThereIsNoRing() {
        Scene scene = Scene.running(3)
                .withoutRing()
                .waiting(0, OLD, "ErrImagePull")
                .waiting(1, OLD, "ErrImagePull")
                .waiting(2, OLD, "ErrImagePull");

        assertThat(next(scene)).isEqualTo("demo-0");
    }

    @Test
    void updateThatDoesNotStartStopsAfterTheFirstPodAndSaysWhy() {
        Scene scene = Scene.running(3).pod(0, OLD, true).pod(1, OLD, true).waiting(2, NEW, "ImagePullBackOff");

        assertThat(reason(scene)).isEqualTo("ImageNotAvailable");
    }

    @Test
    void podThatRunsButIsNotReadyWaitsForOneThatStartsOnThePresentTemplate() {
        Scene scene = Scene.running(3).pod(1, OLD, false).newPod(2, NEW, false);

        assertThat(reason(scene)).isEqualTo("PodNotBack");
    }

    @Test
    void podThatHangsIsReplaced() {
        assertThat(next(Scene.running(3).pod(1, OLD, false).pod(2, OLD, true))).isEqualTo("demo-1");
    }

    private static String next(Scene scene) {
        return RestartOrder.of(scene.observed()) instanceof RestartOrder.Next(var node, var why) ? node.name() : "none";
    }

    private static String reason(Scene scene) {
        return RestartOrder.of(scene.observed()) instanceof RestartOrder.Wait(var reason, var message)
                ? reason
                : "none";
    }
}
