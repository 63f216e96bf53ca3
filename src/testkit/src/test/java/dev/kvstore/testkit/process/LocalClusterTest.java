package dev.kvstore.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalClusterTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private static List<String> fakeNode() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                FakeNode.class.getName());
    }

    private ClusterSettings settings(int nodes) {
        return ClusterSettings.of(fakeNode(), folder, nodes);
    }

    @Test
    void startsKillsAndRestartsNodes() throws Exception {
        try (LocalCluster cluster = new LocalCluster(settings(2).withOptions("--replication", "2"))) {
            cluster.startAll();
            cluster.awaitReady(LONG);
            cluster.awaitInSync(LONG);

            assertThat(cluster.running()).containsExactly("node1", "node2");
            assertThat(cluster.status("node2").path("leader").asText()).isEqualTo("node1");
            assertThat(cluster.process("node1").awaitLog(Pattern.compile("started with"), LONG))
                    .contains("node1 localhost " + cluster.port("node1") + " localhost:" + cluster.port("node2"))
                    .contains("--data " + cluster.dataDirectory("node1").toAbsolutePath())
                    .contains("--coordination " + folder.resolve("coordination").toAbsolutePath())
                    .endsWith("--replication 2");

            cluster.kill("node1");
            assertThat(cluster.running()).containsExactly("node2");
            assertThat(cluster.process("node1").exitCode()).hasValue(128 + 9);

            cluster.start("node1");
            cluster.awaitReady(LONG);
            assertThat(cluster.stop("node1", LONG)).isEqualTo(128 + 15);
            assertThat(cluster.process("node1").awaitLog(Pattern.compile("goodbye"), LONG))
                    .isEqualTo("goodbye");
            assertThat(Files.readString(cluster.logFile("node1"))).contains("goodbye");
        }
    }

    @Test
    void leavesNoProcessBehind() throws Exception {
        ManagedProcess process;
        try (LocalCluster cluster = new LocalCluster(settings(1))) {
            cluster.startAll();
            process = cluster.process("node1");
            process.awaitPort(cluster.port("node1"), LONG);
            cluster.freeze("node1");
        }
        assertThat(process.isAlive()).isFalse();
        assertThat(ProcessHandle.of(process.pid()).filter(ProcessHandle::isAlive))
                .isEmpty();
    }

    @Test
    void saysWhatANodePrintedThatEndsInsteadOfBecomingReady() throws Exception {
        try (LocalCluster cluster = new LocalCluster(settings(1).withOptions("--fail"))) {
            cluster.startAll();

            assertThatThrownBy(() -> cluster.process("node1").awaitPort(cluster.port("node1"), LONG))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("exit code 3")
                    .hasMessageContaining("cannot start");
        }
    }

    @Test
    void wipesOnlyWhatDoesNotRun() throws Exception {
        try (LocalCluster cluster = new LocalCluster(settings(1))) {
            Path data = cluster.dataDirectory("node1");
            Files.createDirectories(data.resolve("deep"));
            Files.writeString(data.resolve("deep").resolve("file"), "x");
            cluster.startAll();
            assertThatThrownBy(() -> cluster.wipe("node1")).isInstanceOf(IllegalStateException.class);
            cluster.kill("node1");
            cluster.wipe("node1");

            assertThat(data).doesNotExist();
        }
    }
}
