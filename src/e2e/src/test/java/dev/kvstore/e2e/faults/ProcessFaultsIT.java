package dev.kvstore.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.e2e.Local;
import dev.kvstore.testkit.process.LocalCluster;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes that freeze and come back, and disks that are lost with their process. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProcessFaultsIT {
    private static final long SEED = Long.getLong("kvstore.seed", 31);

    private LocalCluster cluster;

    @BeforeAll
    void make(@TempDir Path directory) {
        cluster = Local.threeNodes(directory);
    }

    @AfterAll
    void close() {
        cluster.close();
    }

    @Test
    void aFrozenNodeIsReplacedAndFollowsWhenItWakes() throws Exception {
        Random random = new Random(SEED);
        try (LoadedCluster loaded = LoadedCluster.start(cluster, "frozen", SEED)) {
            String leader = Local.leader(cluster, "node1");
            List<String> others = new ArrayList<>(cluster.names());
            others.remove(leader);
            for (String victim : List.of(leader, others.get(random.nextInt(2)))) {
                cluster.freeze(victim);
                long thawNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
                List<String> awake = new ArrayList<>(cluster.names());
                awake.remove(victim);
                loaded.expectService(awake, "while " + victim + " is frozen");
                TimeUnit.NANOSECONDS.sleep(thawNs - System.nanoTime());
                cluster.thaw(victim);
                // what it believes to be is ten seconds old
                Local.expect(loaded.http(), cluster.baseUrl(victim), "probe7", probe(victim, awake));
                cluster.awaitInSync(LoadedCluster.RECOVERY);
            }
            loaded.verify();
        }
    }

    private static String probe(String frozen, List<String> awake) {
        return "while " + frozen + " is frozen through " + awake.getLast();
    }

    @Test
    void nodesThatLostTheirDisksAreFilledFromTheOthers() throws Exception {
        Random random = new Random(SEED);
        try (LoadedCluster loaded = LoadedCluster.start(cluster, "wiped", SEED)) {
            List<String> victims = new ArrayList<>(cluster.names());
            for (int round = 0; round < 3; round++) {
                String victim = victims.remove(random.nextInt(victims.size()));
                cluster.kill(victim);
                cluster.wipe(victim);
                TimeUnit.MILLISECONDS.sleep(random.nextInt(3_000));
                cluster.start(victim);
                cluster.awaitReady(LoadedCluster.RECOVERY);
                cluster.awaitInSync(LoadedCluster.RECOVERY);
            }
            // every copy is a copy of a copy now
            assertThat(victims).isEmpty();
            loaded.verify();
        }
    }
}
