package dev.kvstore.testkit.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A process that a test started: its output goes to a log file, signals reach its descendants too, and it is killed at the
 * latest when this JVM ends. Thread-safe.
 */
public final class ManagedProcess implements AutoCloseable {

    /** How long a killed process may take to disappear. */
    private static final Duration KILL_TIMEOUT = Duration.ofSeconds(20);

    private static final int TAIL_LINES = 40;
    private static final int CONNECT_TIMEOUT_MS = 500;

    private final String name;
    private final Process process;
    private final ProcessLog log;

    private ManagedProcess(String name, Process process, ProcessLog log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /** A signal that can be sent to a process. */
    public enum Signal {
        /** Asks it to end. */
        TERM,
        /** Ends it at once. */
        KILL,
        /** Freezes it. */
        STOP,
        /** Wakes it from being frozen. */
        CONT
    }

    /**
     * Starts a process.
     *
     * @param name what it is called in messages
     * @param command program and arguments
     * @param environment variables to add to those of this process
     * @param workingDirectory where it runs
     * @param logFile where its output is appended, standard error included; its folder is created
     * @return the running process
     * @throws IOException when it cannot be started
     */
    public static ManagedProcess start(
            String name, List<String> command, Map<String, String> environment, Path workingDirectory, Path logFile)
            throws IOException {
        Path folder = logFile.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(workingDirectory.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        ProcessLog log = new ProcessLog(logFile);
        ManagedProcess managed = new ManagedProcess(name, process, log);
        LivingProcesses.add(managed);
        var _ = process.onExit().thenRun(() -> LivingProcesses.remove(managed));
        log.follow(name, process.getInputStream());
        return managed;
    }

    /**
     * What it is called.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * Its number in the system.
     *
     * @return the process id
     */
    public long pid() {
        return process.pid();
    }

    /**
     * Whether it runs, frozen or not.
     *
     * @return false once it has ended
     */
    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * How it ended.
     *
     * @return the exit code, 128 and the signal's number when a signal ended it; empty while it runs
     */
    public OptionalInt exitCode() {
        return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
    }

    /**
     * Sends a signal to the process and its descendants. One that has ended already is left alone.
     *
     * @param signal which
     * @throws IOException when the signal cannot be sent
     * @throws InterruptedException when the caller is interrupted
     */
    public void send(Signal signal) throws IOException, InterruptedException {
        List<ProcessHandle> family = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
        for (ProcessHandle member : family) {
            // the shell's own kill: a machine need not have the program
            String command = "kill -" + signal.name() + " " + member.pid();
            Process kill = new ProcessBuilder("sh", "-c", command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (kill.waitFor() != 0 && member.isAlive()) {
                throw new IOException("'" + command + "' failed for " + name);
            }
        }
    }

    /**
     * Ends it at once, as {@code kill -9} does, and waits until it is gone.
     *
     * @throws InterruptedException when the caller is interrupted
     * @throws IllegalStateException when it does not disappear
     */
    public void kill() throws InterruptedException {
        killNow();
        if (!process.waitFor(KILL_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new IllegalStateException(name + " (pid " + pid() + ") survived kill -9 for " + KILL_TIMEOUT);
        }
    }

    void killNow() {
        // collected first: the descendants of a dead process can no longer be found
        List<ProcessHandle> descendants = process.descendants().toList();
        process.destroyForcibly();
        descendants.forEach(ProcessHandle::destroyForcibly);
    }

    /**
     * Waits for its end.
     *
     * @param timeout how long
     * @return the exit code
     * @throws TimeoutException when it still runs
     * @throws InterruptedException when the caller is interrupted
     */
    public int awaitExit(Duration timeout) throws TimeoutException, InterruptedException {
        if (!process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new TimeoutException(name + " did not end within " + timeout + "; it printed last:\n" + tail());
        }
        return process.exitValue();
    }

    /**
     * Waits until a line in which the pattern is found is printed, or was already.
     *
     * @param pattern what to find
     * @param timeout how long
     * @return the line
     * @throws TimeoutException when no such line came in time, or the process ended without it
     * @throws InterruptedException when the caller is interrupted
     */
    public String awaitLog(Pattern pattern, Duration timeout) throws TimeoutException, InterruptedException {
        return log.await(pattern, timeout);
    }

    /**
     * Waits until it, or at least somebody, listens on a port of the loopback address.
     *
     * @param port which
     * @param timeout how long
     * @throws TimeoutException when nobody does
     * @throws InterruptedException when the caller is interrupted
     * @throws IllegalStateException when the process ends meanwhile
     */
    public void awaitPort(int port, Duration timeout) throws TimeoutException, InterruptedException {
        awaitWhileAlive("port " + port + " of " + name, timeout, () -> accepts(port));
    }

    /**
     * Asks again and again until it is so, as long as the process runs.
     *
     * @param what what is waited for, for the message
     * @param timeout how long
     * @param check asks once
     * @throws TimeoutException when it does not become so in time
     * @throws InterruptedException when the caller is interrupted
     * @throws IllegalStateException when the process ends meanwhile
     */
    public void awaitWhileAlive(String what, Duration timeout, Await.Check check)
            throws TimeoutException, InterruptedException {
        Await.until(
                what,
                timeout,
                () -> {
                    if (check.holds()) {
                        return true;
                    }
                    if (!process.isAlive()) {
                        throw new IllegalStateException(name + " ended with exit code " + process.exitValue()
                                + " instead; it printed last:\n" + tail());
                    }
                    return false;
                },
                () -> name + " printed last:\n" + tail());
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_TIMEOUT_MS);
            return true;
        } catch (IOException _) {
            // nobody listens yet, which is the answer that was asked for
            return false;
        }
    }

    /**
     * What it printed last.
     *
     * @return some lines
     */
    public String tail() {
        return log.tail(TAIL_LINES);
    }

    /** Kills it if it still runs, and waits until it is gone. */
    @Override
    public void close() {
        boolean interrupted = false;
        try {
            kill();
        } catch (InterruptedException _) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
