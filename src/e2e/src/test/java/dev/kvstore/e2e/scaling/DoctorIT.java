package dev.kvstore.e2e.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.e2e.Local;
import dev.kvstore.testkit.process.Host;
import dev.kvstore.testkit.process.LocalCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the doctor says of real nodes that are well, killed, frozen, or full. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DoctorIT {
    private static final Duration RECOVERY = Duration.ofMinutes(3);

    @TempDir
    private Path directory = Path.of("");

    @Test
    void findsNodesThatAreKilledOrFrozen() throws Exception {
        try (LocalCluster cluster = Local.threeNodes(directory)) {
            String nodes = started(cluster);
            Cli.Ended well = Cli.run(directory, "doctor", "--nodes", nodes);
            assertThat(well.code()).as(well.out()).isZero();
            assertThat(well.out()).contains("All is well: 3 nodes examined");

            cluster.kill("node3");
            Cli.Ended killed = Cli.run(directory, "doctor", "--nodes", nodes, "--output", "json");
            assertThat(killed.code()).as(killed.out()).isEqualTo(1);
            assertThat(killed.out()).contains("\"well\" : false", "\"member-", "node3 is ");
            cluster.start("node3");
            cluster.awaitReady(RECOVERY);
            cluster.awaitInSync(RECOVERY);

            cluster.freeze("node2");
            Cli.Ended frozen = Cli.run(directory, "doctor", "--nodes", nodes);
            cluster.thaw("node2");
            assertThat(frozen.code()).as(frozen.out()).isEqualTo(1);
            assertThat(frozen.out()).contains("WRONG  node2 ").doesNotContain("node1 is down");
        }
    }

    @Test
    void findsADiskThatIsFull() throws Exception {
        // for this node every disk is too full
        Host small = new Host("localhost", List.of("env", "KVSTORE_LIMITS_MIN_FREE_DISK_BYTES=" + Long.MAX_VALUE / 4));
        try (LocalCluster cluster = new LocalCluster(Local.settings(directory).withHosts(Map.of("node2", small)))) {
            cluster.startAll();
            cluster.awaitReady(RECOVERY);
            Cli.Ended full = Cli.run(directory, "doctor", "--nodes", addresses(cluster));
            assertThat(full.code()).as(full.out()).isEqualTo(1);
            assertThat(full.out()).contains("The disk of node2 is full").doesNotContain("disk of node1");
        }
    }

    @Test
    void saysWhenNobodyCanBeAsked() throws Exception {
        LocalCluster cluster = Local.threeNodes(directory);
        Cli.Ended nobody = Cli.run(directory, "doctor", "--nodes", addresses(cluster));
        assertThat(nobody.code()).as(nobody.out()).isEqualTo(2);
        assertThat(nobody.out()).contains("No node answers");
    }

    private static String started(LocalCluster cluster) throws Exception {
        cluster.startAll();
        cluster.awaitReady(RECOVERY);
        cluster.awaitInSync(RECOVERY);
        return addresses(cluster);
    }

    private static String addresses(LocalCluster cluster) {
        return String.join(
                ",",
                cluster.names().stream()
                        .map(name -> "localhost:" + cluster.port(name))
                        .toList());
    }
}
