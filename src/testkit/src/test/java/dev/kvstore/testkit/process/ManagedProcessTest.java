package dev.kvstore.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManagedProcessTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(300);

    @TempDir
    Path folder;

    private ManagedProcess shell(String script) throws IOException {
        return ManagedProcess.start(
                "shell",
                List.of("sh", "-c", script),
                Map.of("WORD", "hello"),
                folder,
                folder.resolve("logs/shell.log"));
    }

    @Test
    void waitsForWhatIsPrintedAndForTheEnd() throws Exception {
        try (ManagedProcess process = shell("echo $WORD; echo warning >&2; exit 7")) {
            assertThat(process.awaitLog(Pattern.compile("hel+o"), LONG)).isEqualTo("hello");
            assertThat(process.awaitLog(Pattern.compile("warning"), LONG)).isEqualTo("warning");
            assertThat(process.awaitExit(LONG)).isEqualTo(7);
            assertThat(process.exitCode()).hasValue(7);
            assertThatThrownBy(() -> process.awaitLog(Pattern.compile("more"), LONG))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("ended without");
            assertThat(Files.readAllLines(folder.resolve("logs/shell.log"))).containsExactly("hello", "warning");
        }
    }

    @Test
    void waitsWithinItsBound() throws Exception {
        try (ManagedProcess process = shell("echo ready; exec sleep 600")) {
            process.awaitLog(Pattern.compile("ready"), LONG);
            assertThatThrownBy(() -> process.awaitLog(Pattern.compile("more"), SHORT))
                    .isInstanceOf(TimeoutException.class);
            assertThatThrownBy(() -> process.awaitExit(SHORT))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("ready");
            assertThatThrownBy(() -> process.awaitPort(FreePorts.one(), SHORT)).isInstanceOf(TimeoutException.class);
        }
    }

    @Test
    void killsDescendantsToo() throws Exception {
        try (ManagedProcess process = shell("sleep 600 & echo child $!; wait")) {
            String line = process.awaitLog(Pattern.compile("child [0-9]+"), LONG);
            ProcessHandle child = ProcessHandle.of(Long.parseLong(line.substring("child ".length())))
                    .orElseThrow();
            process.kill();
            Await.until("the child's end", LONG, () -> !child.isAlive(), () -> "it lives");

            assertThat(process.exitCode()).hasValue(128 + 9);
        }
    }

    @Test
    void freezesAndWakes() throws Exception {
        try (ManagedProcess process = shell("while read line; do :; done < /dev/null; echo up; exec sleep 600")) {
            process.awaitLog(Pattern.compile("up"), LONG);
            process.send(ManagedProcess.Signal.STOP);
            Await.until("frozen", LONG, () -> stateOf(process) == 'T', () -> "state " + stateOf(process));
            process.send(ManagedProcess.Signal.CONT);
            Await.until("woken", LONG, () -> stateOf(process) == 'S', () -> "state " + stateOf(process));
            process.send(ManagedProcess.Signal.TERM);

            assertThat(process.awaitExit(LONG)).isEqualTo(128 + 15);
        }
    }

    private static char stateOf(ManagedProcess process) {
        try {
            String stat = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (IOException e) {
            throw new IllegalStateException("no state of a running process", e);
        }
    }

    @Test
    void isKilledWhenTheJvmThatStartedItEnds() throws Exception {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Forgetful.class.getName(),
                folder.toString());
        try (ManagedProcess jvm =
                ManagedProcess.start("forgetful", command, Map.of(), folder, folder.resolve("jvm.log"))) {
            String line = jvm.awaitLog(Pattern.compile("started [0-9]+"), LONG);
            assertThat(jvm.awaitExit(LONG)).isZero();
            long pid = Long.parseLong(line.substring("started ".length()));
            Await.until(
                    "its end",
                    LONG,
                    () -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty(),
                    () -> "it lives");
        }
    }

    @Test
    void givesEveryPortOnlyOnce() {
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            int port = FreePorts.withOffset(10_000);
            assertThat(ports.add(port)).isTrue();
            assertThat(ports.add(port + 10_000)).isTrue();
            assertThat(ports.add(FreePorts.one())).isTrue();
            int first = FreePorts.neighbours(3, 10_000);
            for (int each = first; each < first + 3; each++) {
                assertThat(ports.add(each)).isTrue();
                assertThat(ports.add(each + 10_000)).isTrue();
            }
        }
    }
}
