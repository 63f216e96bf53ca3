package dev.kvstore.e2e.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.kvstore.e2e.chart.Command;
import dev.kvstore.testkit.process.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** kubectl, as a user types it. */
final class Kubectl {
    static final JsonMapper JSON = new JsonMapper();

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

    /** Waits until an object is as it should be, which is looked at whenever it changes. One that is not there is not so. */
    static JsonNode await(String what, Duration timeout, Predicate<JsonNode> wanted, String... arguments)
            throws TimeoutException, InterruptedException {
        return await(what, timeout, wanted, (left, seen) -> {
            try (Watch watch = Watch.start(left, arguments)) {
                JsonNode object = watch.next();
                while (object != null && !seen.test(object)) {
                    object = watch.next();
                }
                return object != null;
            }
        });
    }

    /** Waits until a list is as it should be, which is asked for again and again. */
    static JsonNode awaitList(String what, Duration timeout, Predicate<JsonNode> wanted, String... arguments)
            throws TimeoutException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("get", "-o", "json"));
        command.addAll(List.of(arguments));
        return await(what, timeout, wanted, (_, seen) -> {
            Command read = attempt(command.toArray(String[]::new));
            return read.exitCode() == 0 && seen.test(json(read.out()));
        });
    }

    /** One way to look: within the time that is left it shows what there is, and says whether that is as wanted. */
    private interface Look {
        boolean shows(Duration left, Predicate<JsonNode> seen);
    }

    private static JsonNode await(String what, Duration timeout, Predicate<JsonNode> wanted, Look look)
            throws TimeoutException, InterruptedException {
        JsonNode[] last = {MissingNode.getInstance()};
        long startNs = System.nanoTime();
        Await.until(
                what,
                timeout,
                () -> {
                    boolean shown = look.shows(timeout.minusNanos(System.nanoTime() - startNs), found -> {
                        last[0] = found;
                        return wanted.test(found);
                    });
                    if (!shown) {
                        pause(startNs);
                    }
                    return shown;
                },
                () -> last[0].isMissingNode() ? "it was never there" : last[0].toPrettyString());
        return last[0];
    }

    /** Waits until nothing of a kind is there any more. */
    static void awaitNone(Duration timeout, String... arguments) throws TimeoutException, InterruptedException {
        awaitList(
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
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("kubectl printed no JSON: " + text, e);
        }
    }
}
