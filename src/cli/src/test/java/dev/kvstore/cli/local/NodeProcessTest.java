package dev.kvstore.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeProcessTest {
    @TempDir
    Path proc;

    @Test
    void aRunningProcessHasNotEnded() throws IOException {
        stat("S", "7", "8");
        assertThat(NodeProcess.hasEnded(proc)).isFalse();
    }

    @Test
    void aProcessWhoseFirstThreadHasEndedMayStillHoldItsPorts() throws IOException {
        stat("Z", "7", "8");
        assertThat(NodeProcess.hasEnded(proc)).isFalse();
        Files.delete(proc.resolve("task/8"));
        assertThat(NodeProcess.hasEnded(proc)).isTrue();
    }

    @Test
    void theNameOfAProcessIsNotItsState() throws IOException {
        Files.writeString(proc.resolve("stat"), "7 (java) Z) S 1 7 7");
        assertThat(NodeProcess.hasEnded(proc)).isFalse();
    }

    @Test
    void aSystemWithoutProcSaysNothing() {
        assertThat(NodeProcess.hasEnded(proc.resolve("7"))).isFalse();
    }

    private void stat(String state, String... threads) throws IOException {
        Files.writeString(proc.resolve("stat"), "7 (java) %s 1 7 7 0 -1".formatted(state));
        for (String thread : threads) {
            Files.createDirectories(proc.resolve("task").resolve(thread));
        }
    }
}
