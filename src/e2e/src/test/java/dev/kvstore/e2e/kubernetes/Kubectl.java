package dev.kvstore.e2e.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.kvstore.e2e.chart.Command;
import dev.kvstore.e2e.chart.Manifests;
import dev.kvstore.testkit.process.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** kubectl, as a user types it. */
final class Kubectl {
    private static final Duration LONGEST = Duration.ofMinutes(4);
    private static final Duration API_SERVER = Duration.ofSeconds(90);

    private static final long SHORTEST_PAUSE_MS = 1_000;
    private static final long LONGEST_PAUSE_MS = 3_000;
    private static final int PAUSES = 5;

    private Kubectl() {}

    /** Runs it, however it ends. */
    static Command attempt(String... arguments) {
        return attemptWithInput("", arguments);
    }

    static Command attemptWithInput(String input, String... arguments) {
        List<String> command = new ArrayList<>(List.of("kubectl"));
        command.addAll(List.of(arguments));
        return Command.run(LONGEST, input, command);
    }

    /** Runs it and returns what it printed; anything but success is an error. */
    static String run(String... arguments) {
        return attempt(arguments).succeeded();
    }

    /** Reads an object or a list. */
    static JsonNode get(String... arguments) {
        List<String> command = new ArrayList<>(List.of("get", "-o", "json"));
        command.addAll(List.of(arguments));
        return json(run(command.toArray(String[]::new)));
    }

    static void apply(String namespace, String yaml) {
        attemptWithInput(yaml, "apply", "-n", namespace, "-f", "-").succeeded();
    }

    /** Waits until an object is as it should be. One that is not there is not so. */
    static JsonNode await(String what, Duration timeout, Predicate<JsonNode> wanted, String... arguments)
            throws TimeoutException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("get", "-o", "json"));
        command.addAll(List.of(arguments));
        List<JsonNode> last = new ArrayList<>();
        long startNs = System.nanoTime();
        Await.until(
                what,
                timeout,
                () -> {
                    Command read = attempt(command.toArray(String[]::new));
                    if (read.exitCode() == 0) {
                        last.clear();
                        last.add(json(read.out()));
                        if (wanted.test(last.getFirst())) {
                            return true;
                        }
                    }
                    pause(startNs);
                    return false;
                },
                () -> last.isEmpty() ? "it was never there" : last.getFirst().toPrettyString());
        return last.getFirst();
    }

    /** Waits until nothing of a kind is there any more. */
    static void awaitNone(Duration timeout, String... arguments) throws TimeoutException, InterruptedException {
        await(
                "none of " + String.join(" ", arguments),
                timeout,
                list -> list.path("items").isEmpty(),
                arguments);
    }

    /**
     * Between two questions: each starts a process, whose time those lack that it asks about. So what has been waited for long
     * is asked for less often.
     *
     * @param startNs since when, of {@link System#nanoTime}
     */
    static void pause(long startNs) throws InterruptedException {
        long waitedMs = (System.nanoTime() - startNs) / 1_000_000;
        TimeUnit.MILLISECONDS.sleep(Math.clamp(waitedMs / PAUSES, SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS));
    }

    /** Waits until the API server answers again. */
    static void awaitApiServer() throws TimeoutException, InterruptedException {
        long startNs = System.nanoTime();
        Await.until(
                "the API server is ready",
                API_SERVER,
                () -> {
                    pause(startNs);
                    return attempt("get", "--raw", "/readyz").exitCode() == 0;
                },
                () -> "see its log");
    }

    static JsonNode json(String text) {
        try {
            return Manifests.YAML.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("kubectl printed no JSON: " + text, e);
        }
    }
}
