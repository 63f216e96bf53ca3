package dev.kvstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kvstore.cli.model.Json;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code up}, {@code down} and their like, with real processes: stub nodes, which answer as nodes do but keep nothing, or
 * scripts which answer nothing.
 */
class LocalClusterCommandsTest {
    @TempDir
    Path home;

    private int port;
    private Cli cli;

    @BeforeEach
    void build() throws Exception {
        FakeJava.build(home);
        port = FakeJava.freePorts(4);
        cli = Cli.in(home).java(FakeJava.stubNode(home));
    }

    @AfterEach
    void end() {
        cli.run("down", "--wait", "1s");
    }

    @Test
    void upStartsAClusterWhichDownStopsAndWipeForgets() throws Exception {
        Cli.Result up = cli.run("up", "--base-port", "" + port, "--nodes", "2", "--zones", "a,b");
        assertThat(up.err()).isEmpty();
        assertThat(up.exitCode()).isZero();
        assertThat(up.out())
                .contains("starting node1 on port " + port, "node2 is ready on port " + (port + 1))
                .contains(
                        "The cluster is up: 2 nodes on ports %d to %d, 2 copies of each key".formatted(port, port + 1));

        assertThat(cli.run("up").out()).startsWith("The cluster is up already: 2 nodes");
        assertThat(cli.run("put", "k", "v").out()).isEqualTo("created, version 1\n");
        assertThat(cli.run("status").out()).contains("All is well");

        assertThat(cli.run("down").out()).contains("stopped node1, node2", "The data stays in");
        assertThat(cli.run("down").out()).contains("No node runs.");
        Files.writeString(home.resolve(".kvstore/own-notes"), "mine");
        // left by a node that the cluster was scaled down by
        Files.createDirectories(home.resolve(".kvstore/node9/store"));
        assertThat(cli.run("down", "--wipe").out()).contains("Files in it that the cluster did not write are left.");
        assertThat(names(home.resolve(".kvstore"))).containsExactly("own-notes");
    }

    @Test
    void nodesGetTheArgumentsThatTheyNeed() throws Exception {
        cli.run("up", "--base-port", "" + port, "--nodes", "2", "--zones", "a,b", "--replication", "3");
        Path data = home.resolve(".kvstore");
        assertThat(Files.readString(data.resolve("logs/node2.log")))
                .isEqualTo(
                        "node2 runs with node2 localhost %d localhost:%d --data %s --coordination %s --zone b --replication 3\n"
                                .formatted(port + 1, port, data.resolve("node2"), data.resolve("coordination")));
        ObjectNode run = Json.parseObject(Files.readAllBytes(data.resolve("run/node2.json")))
                .orElseThrow();
        assertThat(ProcessHandle.of(run.path("pid").asLong())).isPresent();
        assertThat(run.path("port").asInt()).isEqualTo(port + 1);
    }

    @Test
    void killStopAndStartActOnOneNode() {
        cli.run("up", "--base-port", "" + port, "--nodes", "2");
        assertThat(cli.run("kill", "node1").out()).startsWith("node1 killed (process ");
        assertThat(cli.run("kill", "node1").exitCode()).isEqualTo(1);
        assertThat(cli.run("status").out()).contains("node1 does not run here. To start it: ./kvstore start node1");
        assertThat(cli.run("get", "k").err()).isEqualTo("not found: k\n");
        assertThat(cli.run("start", "node1").out()).contains("node1 is ready");
        assertThat(cli.run("start", "node1").out()).startsWith("node1 runs already");
        assertThat(cli.run("stop", "node2").out()).isEqualTo("node2 stopped\n");
        assertThat(cli.run("stop", "node2").out()).isEqualTo("node2 does not run.\n");
        assertThat(cli.run("up").out()).contains("starting node2").doesNotContain("starting node1");
    }

    @Test
    void upAddsNodesButTakesNoneAwayAndMovesNone() {
        cli.run("up", "--base-port", "" + port, "--nodes", "1");
        Cli.Result more = cli.run("up", "--nodes", "2", "--wait", "2s");
        // the first stub does not hear of the second one, as a node would
        assertThat(more.out()).contains("starting node2 on port " + (port + 1)).doesNotContain("starting node1");
        assertThat(cli.run("up", "--nodes", "1").exitCode()).isEqualTo(2);
        assertThat(cli.run("up", "--nodes", "1").err()).contains("This cluster has 2 nodes", "scale 1", "down --wipe");
        assertThat(cli.run("up", "--base-port", "9001").err()).contains("--data DIR --base-port 9001");
        assertThat(cli.run("up", "--replication", "3").err()).contains("keeps 2 copies", "set replication-factor 3");
        assertThat(cli.run("up", "--zones", "a,b").err()).contains("other zones");
    }

    @Test
    void aPortInUseIsNamedAndNothingIsStarted() throws Exception {
        try (ServerSocket other = new ServerSocket(port + 1, 1, InetAddress.getLoopbackAddress())) {
            Cli.Result result = cli.run("up", "--base-port", "" + port);
            assertThat(result.exitCode()).isEqualTo(3);
            assertThat(result.err())
                    .contains("Port %d, which node2 needs".formatted(other.getLocalPort()), "--base-port PORT");
            assertThat(home.resolve(".kvstore/cluster.json")).doesNotExist();
        }
    }

    @Test
    void aNodeThatEndsWhileItStartsIsShownWithItsLastWords() throws Exception {
        cli = Cli.in(home).java(FakeJava.failing(home));
        Cli.Result result = cli.run("up", "--base-port", "" + port, "--nodes", "1");
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.err())
                .contains(
                        "node1 ended while it was starting", "  The data folder is of another cluster.", "start node1");
    }

    @Test
    void aNodeThatIsNotReadyInTimeIsShownWithItsLastWords() throws Exception {
        cli = Cli.in(home).java(FakeJava.silent(home));
        Cli.Result result = cli.run("up", "--base-port", "" + port, "--nodes", "1", "--wait", "300ms");
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.err())
                .contains("node1 runs, but is not ready after 300 ms", "  started: ", "The nodes run on");
        assertThat(cli.run("logs", "node1", "-n", "1").out())
                .contains("started: ", " -jar ", " node1 localhost " + port);
    }

    @Test
    void downKillsNodesThatDoNotEnd() throws Exception {
        cli = Cli.in(home).java(FakeJava.stubborn(home));
        cli.run("up", "--base-port", "" + port, "--nodes", "1", "--wait", "300ms");
        assertThat(cli.run("stop", "node1", "--wait", "200ms").err()).contains("still runs after 200 ms", "kill node1");
        Cli.Result down = cli.run("down", "--wait", "200ms", "--wipe");
        assertThat(down.err()).contains("killed");
        assertThat(down.exitCode()).isZero();
        assertThat(home.resolve(".kvstore")).doesNotExist();
    }

    @Test
    void wipeLeavesAFolderAloneThatIsNotOurs() throws Exception {
        Path precious = Files.createDirectories(home.resolve("precious/node1"));
        Cli.Result result =
                cli.run("down", "--wipe", "--data", home.resolve("precious").toString());
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.err()).contains("has no cluster.json", "Nothing was deleted");
        assertThat(precious).exists();
    }

    @Test
    void wipeLeavesTheDataOfANodeThatRunsInAnotherTerminalAlone() throws Exception {
        cli.run("up", "--base-port", "" + port, "--nodes", "1");
        cli.run("down");
        try (ServerSocket foreground = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            Cli.Result result = cli.run("down", "--wipe");
            assertThat(result.exitCode()).isEqualTo(3);
            assertThat(result.err()).contains("Something still listens on port " + foreground.getLocalPort());
        }
        assertThat(home.resolve(".kvstore/cluster.json")).exists();
    }

    @Test
    void nodesThatDoNotExistAreWrongUse() {
        cli.run("up", "--base-port", "" + port, "--nodes", "2");
        assertThat(cli.run("kill", "node9").exitCode()).isEqualTo(2);
        assertThat(cli.run("kill", "node9").err()).isEqualTo("There is no 'node9' here. The nodes are node1, node2.\n");
    }

    @Test
    void withoutAClusterTheHintIsUp() {
        assertThat(cli.run("start", "node1").err()).contains("There is no cluster in", "./kvstore up");
        assertThat(cli.run("start", "node1").exitCode()).isEqualTo(3);
        assertThat(cli.run("down").exitCode()).isZero();
    }

    @Test
    void aNodeThatIsNotBuiltSaysSo() throws Exception {
        Files.delete(home.resolve("node/target/quarkus-app/node.jar"));
        Cli.Result result = cli.run("up", "--base-port", "" + port);
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.err()).contains("The node's program is not built");
    }

    @Test
    void aDamagedSettingsFileIsNotOverwritten() throws Exception {
        Path file = Files.createDirectories(home.resolve(".kvstore")).resolve("cluster.json");
        Files.writeString(file, "{half");
        assertThat(cli.run("up").err()).contains("cannot be read or is damaged");
        assertThat(cli.run("down", "--wipe").exitCode()).isEqualTo(3);
        assertThat(file).hasContent("{half");
    }

    private static Stream<String> names(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList().stream();
        }
    }
}
