package dev.kvstore.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.cli.FakeJava;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which processes are taken for nodes, with a script in the place of a node. */
class LocalNodesTest {
    private static final Duration WAIT = Duration.ofSeconds(10);

    private static final Duration POLL = Duration.ofMillis(10);

    @TempDir
    Path home;

    private DataFolder folder;
    private LocalNode node;
    private LocalNodes nodes;

    @BeforeEach
    void build() throws Exception {
        FakeJava.build(home);
        folder = new DataFolder(home.resolve("data"));
        LocalCluster cluster = LocalCluster.plan(
                Optional.empty(),
                new UpRequest(Optional.of(1), Optional.empty(), Optional.of(FakeJava.freePorts(1)), Optional.empty()));
        node = cluster.nodes().getFirst();
        Settings settings =
                new Settings(home, FakeJava.silent(home).toString(), List.of("-Dmore=1"), home.resolve("history"));
        nodes = new LocalNodes(settings, folder, cluster);
    }

    @AfterEach
    void end() throws InterruptedException {
        assertThat(nodes.kill(List.of(node))).isEmpty();
    }

    @Test
    void startsANodeInASessionOfItsOwn() throws Exception {
        assertThat(nodes.start(List.of(node))).containsExactly(node);
        long pid = nodes.process(node).orElseThrow().pid();
        awaitFirstWords();
        assertThat(session(pid))
                .isEqualTo(pid)
                .isNotEqualTo(session(ProcessHandle.current().pid()));
    }

    @Test
    void startsNoNodeThatRuns() throws Exception {
        nodes.start(List.of(node));
        long pid = nodes.process(node).orElseThrow().pid();
        assertThat(nodes.start(List.of(node))).isEmpty();
        assertThat(nodes.process(node).orElseThrow().pid()).isEqualTo(pid);
    }

    @Test
    void stopsAndForgetsANode() throws Exception {
        nodes.start(List.of(node));
        NodeProcess process = nodes.process(node).orElseThrow();
        assertThat(nodes.stop(List.of(node), WAIT)).isEmpty();
        assertThat(process.alive()).isFalse();
        assertThat(folder.run(node.name())).isEmpty();
    }

    @Test
    void takesNoProcessWithAReusedNumberForANode() throws Exception {
        nodes.start(List.of(node));
        RunFile run = folder.run(node.name()).orElseThrow();
        folder.save(new RunFile(run.name(), run.pid(), run.startedMs() - 60_000, run.port()));
        assertThat(nodes.process(node)).isEmpty();
        assertThat(nodes.kill(List.of(node))).isEmpty();
        assertThat(ProcessHandle.of(run.pid()).orElseThrow().isAlive()).isTrue();
        folder.save(run);
    }

    @Test
    void takesNoProcessOfAnotherProgramForANode() throws Exception {
        Process other = new ProcessBuilder("sleep", "20").start();
        try {
            long startedMs = other.info().startInstant().orElseThrow().toEpochMilli();
            folder.save(new RunFile(node.name(), other.pid(), startedMs, node.port()));
            assertThat(nodes.process(node)).isEmpty();
            assertThat(nodes.stop(List.of(node), WAIT)).isEmpty();
            assertThat(other.isAlive()).isTrue();
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    void takesNoNodeOfAnotherFolderForItsOwn() throws Exception {
        nodes.start(List.of(node));
        RunFile run = folder.run(node.name()).orElseThrow();
        assertThat(NodeProcess.find(run, folder.nodeData(node.name()))).isPresent();
        assertThat(NodeProcess.find(run, home.resolve("elsewhere/node1"))).isEmpty();
    }

    @Test
    void aDamagedRunFileIsNoProcess() throws Exception {
        Files.createDirectories(folder.root().resolve("run"));
        Files.writeString(folder.root().resolve("run/node1.json"), "{\"pid\": 1}");
        assertThat(nodes.process(node)).isEmpty();
    }

    @Test
    void givesTheFlagsOfTheUserToTheNode() throws Exception {
        nodes.start(List.of(node));
        NodeProcess process = nodes.process(node).orElseThrow();
        String commandLine =
                Files.readString(Path.of("/proc/%d/cmdline".formatted(process.pid())), StandardCharsets.UTF_8);
        assertThat(commandLine.split("\0")).contains("-Dmore=1", "--replication");
    }

    private void awaitFirstWords() throws Exception {
        long endNs = System.nanoTime() + WAIT.toNanos();
        while (folder.log(node.name()).size() == 0 && System.nanoTime() - endNs < 0) {
            Thread.sleep(POLL);
        }
        assertThat(folder.log(node.name()).tail(1)).singleElement().asString().startsWith("started");
    }

    /** The sixth field of the system's account of a process. */
    private static long session(long pid) throws Exception {
        String stat = Files.readString(Path.of("/proc/%d/stat".formatted(pid)), StandardCharsets.ISO_8859_1);
        return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[3]);
    }
}
