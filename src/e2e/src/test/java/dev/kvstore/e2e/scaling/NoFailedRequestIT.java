package dev.kvstore.e2e.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.e2e.FilledKeys;
import dev.kvstore.e2e.SteadyLoad;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Orders that a cluster follows while clients write and read, none of whose requests may fail. */
@Tag("under-load")
@Timeout(value = 40, unit = TimeUnit.MINUTES)
class NoFailedRequestIT {
    private static final FilledKeys KEYS = new FilledKeys("filled-", FilledKeys.asGiven(200_000));

    @TempDir
    private Path directory = Path.of("");

    private ScaledCluster cluster;

    @BeforeEach
    void start() throws Exception {
        cluster = ScaledCluster.start(directory);
        cluster.fill(KEYS);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void whileTheClusterGrowsAndShrinks() throws Exception {
        List<String> more = List.of("node4", "node5");
        try (SteadyLoad load = SteadyLoad.start("scale", urls(ScaledCluster.FIRST))) {
            cluster.join(more);
            load.to(urls(ScaledCluster.ALL));
            cluster.awaitSettled(ScaledCluster.ALL);
            assertThat(cluster.order("{\"members\": {\"node4\": null, \"node5\": null}}"))
                    .isEqualTo(200);
            cluster.awaitSettled(ScaledCluster.FIRST);
            load.to(urls(ScaledCluster.FIRST));
            for (String name : more) {
                cluster.stop(name);
            }
            load.stopWithoutFailure();
        }
        cluster.verify(KEYS, List.of("node2"));
    }

    @Test
    void whileTheNumberOfCopiesChanges() throws Exception {
        try (SteadyLoad load = SteadyLoad.start("copies", urls(ScaledCluster.FIRST))) {
            assertThat(cluster.order("{\"replicationFactor\": 3}")).isEqualTo(200);
            cluster.awaitSettled(ScaledCluster.FIRST);
            assertThat(cluster.order("{\"replicationFactor\": 2}")).isEqualTo(200);
            cluster.awaitSettled(ScaledCluster.FIRST);
            load.stopWithoutFailure();
        }
        cluster.verify(KEYS, List.of("node1"));
    }

    @Test
    void whileEachNodeIsStoppedGracefullyAndStartedAgain() throws Exception {
        try (SteadyLoad load = SteadyLoad.start("restart", urls(ScaledCluster.FIRST))) {
            for (String name : ScaledCluster.FIRST) {
                List<String> others = new ArrayList<>(ScaledCluster.FIRST);
                others.remove(name);
                load.to(urls(others));
                cluster.stop(name);
                cluster.join(List.of(name));
                cluster.awaitSettled(ScaledCluster.FIRST);
                load.to(urls(ScaledCluster.FIRST));
            }
            load.stopWithoutFailure();
        }
        cluster.verify(KEYS, List.of("node3"));
    }

    private List<URI> urls(List<String> names) {
        return names.stream().map(cluster::url).toList();
    }
}
