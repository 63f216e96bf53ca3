package dev.kvstore.e2e.chart;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * A program that was run to its end.
 *
 * @param line what was run, for messages
 * @param exitCode how it ended
 * @param out what it printed
 * @param err what it said on standard error
 */
public record Command(String line, int exitCode, String out, String err) {
    /**
     * Threads of their own for what blocks as long as a program runs. On a machine with few cores the common pool has one
     * thread, and answers of the HTTP client, with which a test loads a cluster meanwhile, come through there.
     */
    private static final Executor THREADS =
            task -> Thread.ofPlatform().name("output").daemon().start(task);

    /**
     * Runs a program in the top folder.
     *
     * @param timeout when it takes longer, it is ended
     * @param input what it reads
     * @param command program and arguments
     * @return how it ended
     * @throws AssertionError when it has not ended in time
     */
    public static Command run(Duration timeout, String input, List<String> command) {
        String line = String.join(" ", command);
        try {
            Process process = new ProcessBuilder(command)
                    .directory(Checkout.home().toFile())
                    .start();
            CompletableFuture<String> out =
                    CompletableFuture.supplyAsync(() -> read(process.getInputStream()), THREADS);
            CompletableFuture<String> err =
                    CompletableFuture.supplyAsync(() -> read(process.getErrorStream()), THREADS);
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            }
            if (!process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new AssertionError(line + " has not ended within " + timeout);
            }
            return new Command(line, process.exitValue(), out.get(), err.get());
        } catch (IOException e) {
            throw new UncheckedIOException(line, e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(line, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(line + " was interrupted", e);
        }
    }

    /**
     * Its output, when it ended well.
     *
     * @return what it printed
     * @throws AssertionError when it ended otherwise
     */
    public String succeeded() {
        if (exitCode != 0) {
            throw new AssertionError(line + " ended with " + exitCode + ":\n" + err + out);
        }
        return out;
    }

    private static String read(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
