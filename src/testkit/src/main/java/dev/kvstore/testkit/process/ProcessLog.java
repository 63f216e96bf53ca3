package dev.kvstore.testkit.process;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Copies what a process prints to a file and wakes whoever waits for a line. Thread-safe. */
final class ProcessLog {

    /** How many of the last lines can be waited for after they were printed, and are shown in messages. */
    private static final int MAX_LINES_KEPT = 5_000;

    private final Path file;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<String> lines = new ArrayDeque<>();
    private long linesSeen;
    private boolean ended;
    private @Nullable IOException failure;

    ProcessLog(Path file) {
        this.file = file;
    }

    /** Starts to copy, on a thread of its own. */
    void follow(String name, InputStream output) {
        Thread.ofPlatform().name("log-" + name).daemon().start(() -> copy(output));
    }

    private void copy(InputStream output) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8));
                BufferedWriter writer =
                        Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                writer.write(line);
                writer.newLine();
                writer.flush();
                add(line);
            }
        } catch (IOException e) {
            // a process that is killed may take its pipe with it; whoever waits for a line is told
            fail(e);
        } finally {
            end();
        }
    }

    private void add(String line) {
        lock.lock();
        try {
            linesSeen++;
            lines.addLast(line);
            if (lines.size() > MAX_LINES_KEPT) {
                lines.removeFirst();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void fail(IOException e) {
        lock.lock();
        try {
            failure = e;
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until a line in which the pattern is found was printed, now or before. */
    String await(Pattern pattern, Duration timeout) throws TimeoutException, InterruptedException {
        long leftNs = timeout.toNanos();
        long looked = 0;
        lock.lockInterruptibly();
        try {
            while (true) {
                long index = linesSeen - lines.size();
                for (String line : lines) {
                    if (index++ >= looked && pattern.matcher(line).find()) {
                        return line;
                    }
                }
                looked = linesSeen;
                if (ended) {
                    throw new TimeoutException("the process ended without printing '" + pattern + "'"
                            + (failure == null ? "" : " (" + failure + ")"));
                }
                if (leftNs <= 0) {
                    throw new TimeoutException("'" + pattern + "' was not printed within " + timeout);
                }
                leftNs = changed.awaitNanos(leftNs);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The last lines, each on a line of its own. */
    String tail(int count) {
        lock.lock();
        try {
            return String.join(
                    System.lineSeparator(),
                    lines.stream().skip(Math.max(0, lines.size() - count)).toList());
        } finally {
            lock.unlock();
        }
    }
}
