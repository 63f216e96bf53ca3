package dev.kvstore.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvstore.cli.output.Failure;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What {@code up} may make of a cluster. */
class LocalClusterTest {
    private static final LocalCluster THREE = LocalCluster.plan(Optional.empty(), UpRequest.DEFAULTS);

    @Test
    void theFirstUpMakesThreeNodesWithTwoCopies() {
        assertThat(THREE.replication()).isEqualTo(2);
        assertThat(THREE.nodes())
                .containsExactly(
                        new LocalNode("node1", 8001, Optional.empty()),
                        new LocalNode("node2", 8002, Optional.empty()),
                        new LocalNode("node3", 8003, Optional.empty()));
    }

    @Test
    void laterOnesKeepTheSettings() {
        assertThat(LocalCluster.plan(Optional.of(THREE), UpRequest.DEFAULTS)).isEqualTo(THREE);
        assertThat(LocalCluster.plan(Optional.of(THREE), request(3, 2, 8001, null)))
                .isEqualTo(THREE);
    }

    @Test
    void zonesAreGivenInTurnAlsoToNodesThatComeLater() {
        LocalCluster two = LocalCluster.plan(Optional.empty(), request(2, null, null, List.of("a", "b")));
        LocalCluster five = LocalCluster.plan(Optional.of(two), request(5, null, null, null));
        assertThat(five.nodes().stream().map(node -> node.zone().orElse("-"))).containsExactly("a", "b", "a", "b", "a");
        assertThat(LocalCluster.plan(Optional.of(two), request(3, null, null, List.of("a", "b", "c")))
                        .nodes()
                        .getLast()
                        .zone())
                .contains("c");
    }

    @Test
    void whatNeedsAnotherClusterIsRefused() {
        for (UpRequest request : List.of(
                request(2, null, null, null),
                request(null, null, 9001, null),
                request(null, null, null, List.of("a")))) {
            assertThatThrownBy(() -> LocalCluster.plan(Optional.of(THREE), request))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("down --wipe");
        }
    }

    @Test
    void whatAnotherCommandChangesIsRefusedWithItsName() {
        assertThatThrownBy(() -> LocalCluster.plan(Optional.of(THREE), request(null, 3, null, null)))
                .hasMessageContaining("set replication-factor 3");
        assertThatThrownBy(() -> LocalCluster.plan(Optional.of(THREE), request(2, null, null, null)))
                .hasMessageContaining("scale 2");
    }

    @Test
    void survivesItsFile() {
        LocalCluster zoned = LocalCluster.plan(Optional.empty(), request(2, 1, 9001, List.of("a", "b")));
        assertThat(LocalCluster.of(zoned.toJson())).contains(zoned);
        assertThat(LocalCluster.of(zoned.toJson().put("format", "other"))).isEmpty();
    }

    private static UpRequest request(
            @Nullable Integer nodes,
            @Nullable Integer replication,
            @Nullable Integer basePort,
            @Nullable List<String> zones) {
        return new UpRequest(
                Optional.ofNullable(nodes),
                Optional.ofNullable(replication),
                Optional.ofNullable(basePort),
                Optional.ofNullable(zones));
    }
}
