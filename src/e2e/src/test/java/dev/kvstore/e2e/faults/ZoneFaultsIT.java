package dev.kvstore.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kvstore.e2e.Local;
import dev.kvstore.testkit.process.ClusterSettings;
import dev.kvstore.testkit.process.LocalCluster;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Four nodes in two zones, of which one goes. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ZoneFaultsIT {
    private static final long SEED = Long.getLong("kvstore.seed", 31);
    private static final Map<String, String> ZONES = Map.of("node1", "a", "node2", "b", "node3", "a", "node4", "b");

    @TempDir
    private Path directory = Path.of("");

    @Test
    void everythingGoesOnWithoutTheZoneOfTheLeader() throws Exception {
        try (LocalCluster cluster = fourNodes();
                LoadedCluster loaded = LoadedCluster.start(cluster, "zone", SEED)) {
            loaded.awaitRing("node1", "the two copies of each partition in different zones", ring -> {
                for (JsonNode partition : ring.path("partitions")) {
                    Set<String> zones = new HashSet<>();
                    partition.path("inSync").forEach(member -> zones.add(ZONES.get(member.asText())));
                    if (zones.size() < 2) {
                        return false;
                    }
                }
                return ring.path("partitions").size() > 0;
            });
            String lost = ZONES.get(Local.leader(cluster, "node1"));
            List<String> gone = cluster.names().stream()
                    .filter(name -> Objects.equals(ZONES.get(name), lost))
                    .toList();
            List<String> left = cluster.names().stream()
                    .filter(name -> !gone.contains(name))
                    .toList();
            assertThat(gone).hasSize(2);
            for (String name : gone) {
                cluster.kill(name);
            }
            loaded.expectService(left, "without zone " + lost);
            for (String name : gone) {
                cluster.start(name);
            }
            loaded.verify();
        }
    }

    private LocalCluster fourNodes() {
        ClusterSettings given = Local.settings(directory);
        return new LocalCluster(new ClusterSettings(
                given.command(),
                given.workingDirectory(),
                given.directory(),
                ZONES.size(),
                given.options(),
                ZONES.entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, zone -> List.of("--zone", zone.getValue()))),
                given.environment()));
    }
}
