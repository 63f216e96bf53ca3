package dev.kvstore.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kvstore.e2e.chart.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The processes of a pod, seen from its machine, which must be this one: a process cannot kill its container's first one
 * from inside, and a pod without rights cannot cut itself off.
 */
final class PodProcess {
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final String uid;

    private PodProcess(String uid) {
        this.uid = uid;
    }

    /** The pod's processes; skips the test where they run elsewhere. Who has told how to stop the API server here runs them here. */
    static PodProcess of(JsonNode pod) throws IOException {
        PodProcess process = new PodProcess(pod.path("metadata").path("uid").asText());
        if (process.named("java").isEmpty()) {
            String name = pod.path("metadata").path("name").asText();
            assertThat(System.getenv().getOrDefault("KVSTORE_CLUSTER_TOOL", ""))
                    .as("the pods run on this machine, where KVSTORE_CLUSTER_TOOL is, but %s has no process", name)
                    .isBlank();
            Assumptions.abort("skipped: the pods do not run on this machine, so nothing can be done to them");
        }
        return process;
    }

    /** Ends the pod's program at once, without a word to it. */
    void kill() throws IOException {
        signal("KILL");
    }

    /** Sends a signal to the pod's program. */
    void signal(String signal) throws IOException {
        long pid = named("java").orElseThrow(() -> new IOException("no Java process in pod " + uid));
        Command.run(LONGEST, "", List.of("kill", "-" + signal, String.valueOf(pid)))
                .succeeded();
    }

    /** Drops every packet of the pod, in both directions, as a broken network does. */
    void cut() throws IOException {
        iptables("-I", "INPUT", "!", "-i", "lo", "-j", "DROP");
        iptables("-I", "OUTPUT", "!", "-o", "lo", "-j", "DROP");
    }

    /** Undoes the cut. */
    void heal() throws IOException {
        iptables("-F", "INPUT");
        iptables("-F", "OUTPUT");
    }

    /**
     * Memory of the pod's program.
     *
     * @param inUseBytes what its container uses, without the part of the page cache that goes first
     * @param residentBytes what its process has in memory, shared pages included
     */
    record Memory(long inUseBytes, long residentBytes) {}

    /** How much memory the pod's program takes now. */
    Memory memory() throws IOException {
        long pid = named("java").orElseThrow(() -> new IOException("no Java process in pod " + uid));
        Path process = Path.of("/proc", String.valueOf(pid));
        long inUse = 0;
        for (String line : Files.readAllLines(process.resolve("cgroup"))) {
            // number:controllers:path; version 2 has one line, without controllers
            String[] parts = line.split(":", 3);
            Path group = Path.of("/sys/fs/cgroup/memory" + parts[2]);
            if (parts[1].equals("memory")) {
                inUse = Long.parseLong(Files.readString(group.resolve("memory.usage_in_bytes"))
                                .strip())
                        - field(group.resolve("memory.stat"), "total_inactive_file ");
            } else if (parts[1].isEmpty() && Files.exists(Path.of("/sys/fs/cgroup" + parts[2], "memory.current"))) {
                group = Path.of("/sys/fs/cgroup" + parts[2]);
                inUse = Long.parseLong(Files.readString(group.resolve("memory.current"))
                                .strip())
                        - field(group.resolve("memory.stat"), "inactive_file ");
            }
        }
        return new Memory(inUse, 1024 * field(process.resolve("status"), "VmRSS:"));
    }

    private static long field(Path file, String name) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.substring(name.length()).replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow(() -> new IOException("no " + name + " in " + file));
    }

    private void iptables(String... arguments) throws IOException {
        // the sandbox's own process holds the pod's network, also while the program is away
        long pid = named("pause").orElseThrow(() -> new IOException("no sandbox of pod " + uid));
        Stream<String> enter = Stream.of("nsenter", "-t", String.valueOf(pid), "-n", "iptables", "-w");
        Command.run(LONGEST, "", Stream.concat(enter, Stream.of(arguments)).toList())
                .succeeded();
    }

    private Optional<Long> named(String name) throws IOException {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .filter(process -> process.getFileName().toString().chars().allMatch(Character::isDigit))
                    .filter(process -> read(process.resolve("cgroup")).contains(uid)
                            && read(process.resolve("comm")).strip().equals(name))
                    .map(process -> Long.parseLong(process.getFileName().toString()))
                    .findFirst();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException gone) {
            // a process that ended between being listed and being read
            return "";
        }
    }
}
