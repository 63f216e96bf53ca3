package dev.kvstore.e2e.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code kubectl get --watch}: objects as they are, then again each time that one changes. It is one process for as long as
 * one waits; a question each second would be one process each second.
 */
final class Watch implements AutoCloseable {
    private final Process process;
    private final MappingIterator<JsonNode> objects;

    private Watch(Process process, MappingIterator<JsonNode> objects) {
        this.process = process;
        this.objects = objects;
    }

    /**
     * Begins to watch. What is not there is no error, but ends the watch at once.
     *
     * @param longest after this the watch ends
     * @param arguments what to get, and where
     */
    static Watch start(Duration longest, String... arguments) {
        List<String> command = new ArrayList<>(List.of("kubectl", "get", "--watch", "-o", "json"));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            CompletableFuture.delayedExecutor(longest.toNanos(), TimeUnit.NANOSECONDS)
                    .execute(process::destroy);
            return new Watch(process, Kubectl.JSON.readerFor(JsonNode.class).readValues(process.getInputStream()));
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", command), e);
        }
    }

    /** Waits for the next one; null when the watch has ended: by time, by {@link #close()}, or by the API server. */
    @Nullable
    JsonNode next() {
        try {
            return objects.hasNextValue() ? objects.nextValue() : null;
        } catch (IOException inTheMiddleOfOne) {
            return null;
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
