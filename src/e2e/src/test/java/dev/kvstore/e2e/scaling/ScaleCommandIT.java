package dev.kvstore.e2e.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.e2e.Local;
import dev.kvstore.testkit.process.FreePorts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Scaling as a user types it. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@Order(Local.LONG)
class ScaleCommandIT {
    private static final int PEER_PORT_OFFSET = 10_000;

    @TempDir
    private Path directory = Path.of("");

    private Path data = Path.of("");

    @Test
    void aClusterIsGrownChangedAndShrunk() throws Exception {
        data = directory.resolve("data");
        int port = FreePorts.neighbours(3, PEER_PORT_OFFSET);
        Cli.Ended up = ask("up", "--nodes", "1", "--base-port", String.valueOf(port), "--wait", "3m");
        try {
            assertThat(up.code()).as(up.out()).isZero();
            assertThat(ask("put", "user1", "Alice").code()).isZero();
            Cli.Ended grown = ask("scale", "3");
            assertThat(grown.code()).as(grown.out()).isZero();
            assertThat(grown.out()).contains("The cluster has 3 nodes, and every key is where it belongs.");

            Cli.Ended copies = ask("set", "replication-factor", "3");
            assertThat(copies.code()).as(copies.out()).isZero();
            Cli.Ended bad = ask("scale", "2");
            assertThat(bad.code()).as(bad.out()).isEqualTo(2);
            assertThat(bad.out()).contains("3 copies need 3 members");
            assertThat(ask("set", "replication-factor", "2").code()).isZero();

            Cli.Ended shrunk = ask("scale", "2");
            assertThat(shrunk.code()).as(shrunk.out()).isZero();
            assertThat(shrunk.out()).contains("The cluster has 2 nodes. node3 stopped");
            assertThat(Files.isDirectory(data.resolve("node3"))).isTrue();
            assertThat(ask("get", "user1").out()).startsWith("Alice");
            assertThat(ask("status").out()).contains("All is well").doesNotContain("node3");
            assertThat(ask("doctor").code()).isZero();

            Cli.Ended back = ask("scale", "3");
            assertThat(back.code()).as(back.out()).isZero();
            assertThat(ask("get", "user1").out()).startsWith("Alice");
            assertThat(ask("scale", "2").code()).isZero();
            Cli.Ended upAgain = ask("up", "--nodes", "3", "--wait", "3m");
            assertThat(upAgain.code()).as(upAgain.out()).isZero();
            assertThat(ask("scale", "0").code()).isEqualTo(2);
        } finally {
            ask("down", "--wipe");
        }
    }

    private Cli.Ended ask(String... words) throws Exception {
        String[] all = new String[words.length + 2];
        System.arraycopy(words, 0, all, 0, words.length);
        all[words.length] = "--data";
        all[words.length + 1] = data.toString();
        return Cli.run(directory, all);
    }
}
