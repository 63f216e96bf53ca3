package dev.kvstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code status}, against a stub of one node. */
class StatusCommandTest {
    @TempDir
    Path home;

    private StubNode node;
    private Cli cli;

    @BeforeEach
    void start() throws IOException {
        node = StubNode.start(new StubStore());
        cli = Cli.in(home).asking(node.address());
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void showsAClusterThatIsWell() {
        node.cluster(StubNode.clusterOf(List.of("node1=localhost:8001", "node2=localhost:8002"), 128));
        Cli.Result result = cli.run("status");
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).isEqualTo("""
                cluster       c1, as %s sees it
                leader        node1
                ring version  42
                copies        2 of each key are wanted

                NODE   ADDRESS         ZONE  STATE  PRIMARIES  REPLICAS  LEARNERS  BOOT
                node1  localhost:8001  a     up     2          3         0         1
                node2  localhost:8002  a     up     2          3         0         1

                partitions    128: 128 fully in sync, 0 without primary, 0 lost

                All is well: every partition has a primary and all its copies.
                """.formatted(node.address()));
    }

    @Test
    void saysInPlainWordsWhatIsNotWell() {
        ObjectNode document = StubNode.clusterOf(List.of("node1=localhost:8001", "node2=localhost:8002"), 128);
        document.putNull("leader");
        ((ObjectNode) document.path("members").get(1)).put("state", "down").putNull("zone");
        document.putObject("partitions")
                .put("total", 128)
                .put("fullyInSync", 40)
                .put("withoutPrimary", 1)
                .put("lost", 2);
        node.cluster(document);
        assertThat(cli.run("status").out())
                .contains(
                        "leader        none",
                        "2 partitions are lost",
                        "1 partition has no primary",
                        "88 partitions have fewer copies",
                        "There is no leader",
                        "node2 is down.")
                .doesNotContain("All is well");
    }

    @Test
    void showsWhatMovesAndHowFarItIs() {
        ObjectNode document = StubNode.clusterOf(List.of("node1=localhost:8001", "node2=localhost:8002"), 128);
        ((ObjectNode) document.path("partitions")).put("toMove", 3);
        var moves = document.putArray("moves");
        moves.addObject()
                .put("partition", 7)
                .put("kind", "copy")
                .put("from", "node1")
                .put("to", "node2")
                .put("state", "running")
                .put("bytesDone", 512)
                .put("bytesTotal", 3 << 20)
                .put("since", "2026-01-01T00:00:00Z");
        moves.addObject()
                .put("partition", 9)
                .put("kind", "hand-over")
                .put("from", "node2")
                .put("to", "node1");
        node.cluster(document);
        assertThat(cli.run("status").out())
                .contains("""
                        to move       3: 1 being copied, 1 being handed over, 512 B of 3.0 MiB sent

                        PARTITION  MOVE       FROM   TO     STATE    DONE   OF       SINCE
                        7          copy       node1  node2  running  512 B  3.0 MiB  2026-01-01T00:00:00Z
                        9          hand-over  node2  node1  -        -      -        -
                        """)
                .contains("3 partitions are still on the way to where they belong")
                .doesNotContain("All is well");
    }

    @Test
    void jsonIsWhatTheNodeSaid() {
        assertThat(cli.run("status", "--output", "json").out()).contains("\"ringVersion\" : 42", "\"fullyInSync\" : 4");
    }

    @Test
    void aClusterWithoutARingSaysSo() {
        node.cluster(StubNode.clusterOf(List.of(), 0));
        assertThat(cli.run("status").out()).contains("The cluster has no ring yet");
    }
}
