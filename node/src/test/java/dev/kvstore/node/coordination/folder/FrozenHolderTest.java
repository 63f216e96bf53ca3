package dev.kvstore.node.coordination.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.core.io.Effect.ProposeRing;
import dev.kvstore.core.io.Input.LeaderIs;
import dev.kvstore.core.io.Input.Proposed;
import dev.kvstore.core.io.Input.Proposed.Result;
import dev.kvstore.node.coordination.Observer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Another process holds the Lease, and is stopped in the middle of whatever it is doing. */
@Timeout(120)
@EnabledOnOs({OS.LINUX, OS.MAC})
class FrozenHolderTest {
    @TempDir
    Path folder;

    @Test
    void aFrozenHolderBlocksNobodyAndKnowsWhenItWakesUp() throws Exception {
        Process holder = start("frozen");
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8))) {
            readUntil(output, "leader frozen");
            Observer seen = new Observer();
            try (FolderCoordination node =
                    FolderCoordination.open(folder, "awake", FolderSettings.DEFAULT, Observer::monoMs)) {
                node.start(seen);
                seen.await(LeaderIs.class, leader -> "frozen".equals(leader.name()));

                signal(holder, "STOP");
                seen.await(LeaderIs.class, leader -> "awake".equals(leader.name()));
                node.propose(new ProposeRing(1, "", FolderCoordinationTest.ring(1)));
                assertThat(seen.await(Proposed.class, each -> true).result()).isEqualTo(Result.WON);

                signal(holder, "CONT");
                List<String> awake = readUntil(output, "leader awake");
                assertThat(awake).containsExactly("leader null", "leader awake");
                assertThat(node.metrics().leasesLost()).isZero();
            }
            // the one that was frozen gets the Lease again, as soon as the other one has released it
            readUntil(output, "leader frozen");
        } finally {
            holder.getOutputStream().close();
            signal(holder, "CONT");
            if (!holder.waitFor(10, TimeUnit.SECONDS)) {
                holder.destroyForcibly();
            }
        }
    }

    private Process start(String name) throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LeaseHolderMain.class.getName(),
                        folder.toString(),
                        name)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void signal(Process process, String name) throws IOException, InterruptedException {
        if (process.isAlive()) {
            assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                            .start()
                            .waitFor())
                    .isZero();
        }
    }

    /** The lines up to the wanted one. */
    private static List<String> readUntil(BufferedReader output, String wanted) throws IOException {
        List<String> lines = new ArrayList<>();
        do {
            String line = output.readLine();
            assertThat(line).as("output until '%s'; so far: %s", wanted, lines).isNotNull();
            lines.add(line);
        } while (!lines.getLast().equals(wanted));
        return lines;
    }
}
