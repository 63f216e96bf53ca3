package dev.kvstore.cli.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A running process that was shown to be a node's, so that it may be ended. */
public final class NodeProcess {
    /** The system's account of a start moves a little when its clock is set. */
    private static final Duration START_TOLERANCE = Duration.ofSeconds(2);

    private static final Duration POLL = Duration.ofMillis(50);

    private final ProcessHandle handle;

    private NodeProcess(ProcessHandle handle) {
        this.handle = handle;
    }

    /**
     * The process that a run file names, if it still runs and is the node: it started when the file says, and it was given
     * the node's data folder.
     */
    static Optional<NodeProcess> find(RunFile run, Path nodeData) {
        return ProcessHandle.of(run.pid())
                .filter(handle -> alive(handle) && startedAt(handle, run.startedMs()) && serves(handle, nodeData))
                .map(NodeProcess::new);
    }

    static NodeProcess of(Process started) {
        return new NodeProcess(started.toHandle());
    }

    /** The system's number of it. */
    public long pid() {
        return handle.pid();
    }

    /** When it started, in milliseconds since 1970; now when the system does not say. */
    long startedMs() {
        return handle.info().startInstant().orElseGet(Instant::now).toEpochMilli();
    }

    /** Whether it still runs. */
    public boolean alive() {
        return alive(handle);
    }

    /** Asks it to end (SIGTERM). */
    void terminate() {
        handle.destroy();
    }

    /** Ends it at once (SIGKILL). */
    void kill() {
        handle.destroyForcibly();
    }

    /** Waits for its end; false when it still runs after that time. */
    boolean awaitEnd(Duration wait) throws InterruptedException {
        long endNs = System.nanoTime() + wait.toNanos();
        while (alive()) {
            if (System.nanoTime() - endNs > 0) {
                return false;
            }
            Thread.sleep(POLL);
        }
        return true;
    }

    private static boolean alive(ProcessHandle handle) {
        return handle.isAlive() && !hasEnded(proc(handle.pid()));
    }

    /**
     * Whether a process that is still listed has ended: it stays listed until its parent asks for it, which some containers'
     * first process never does. Its first thread alone is no sign: the others may still hold its ports and its data folder.
     *
     * @param proc what the system tells of the process ({@code /proc/PID}), if there is such a folder
     */
    static boolean hasEnded(Path proc) {
        boolean zombie = read(proc, "stat")
                .map(stat -> new String(stat, StandardCharsets.ISO_8859_1))
                .map(stat -> stat.startsWith(") Z", stat.lastIndexOf(')')))
                .orElse(false);
        return zombie && threads(proc) <= 1;
    }

    private static long threads(Path proc) {
        try (Stream<Path> threads = Files.list(proc.resolve("task"))) {
            return threads.count();
        } catch (IOException | UncheckedIOException _) {
            // the process is gone, its last thread too
            return 0;
        }
    }

    private static boolean startedAt(ProcessHandle handle, long startedMs) {
        return handle.info()
                .startInstant()
                .map(start -> Math.abs(start.toEpochMilli() - startedMs) <= START_TOLERANCE.toMillis())
                .orElse(true);
    }

    private static boolean serves(ProcessHandle handle, Path nodeData) {
        return arguments(handle)
                .map(arguments -> arguments.contains(nodeData.toString()))
                .orElse(true);
    }

    /** Empty when the system does not say, as in the moment in which a process becomes another program. */
    private static Optional<List<String>> arguments(ProcessHandle handle) {
        Optional<byte[]> commandLine = read(proc(handle.pid()), "cmdline");
        return commandLine.isEmpty()
                ? handle.info().arguments().map(List::of)
                : commandLine
                        .filter(bytes -> bytes.length > 0)
                        .map(bytes -> List.of(new String(bytes, StandardCharsets.UTF_8).split("\0")));
    }

    private static Path proc(long pid) {
        return Path.of("/proc", Long.toString(pid));
    }

    /** A file about a process, where the system has such files. */
    private static Optional<byte[]> read(Path proc, String name) {
        try {
            return Optional.of(Files.readAllBytes(proc.resolve(name)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
