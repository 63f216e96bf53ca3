package dev.kvstore.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.testkit.history.Condition;
import dev.kvstore.testkit.history.Operation;
import dev.kvstore.testkit.history.Outcome;
import dev.kvstore.testkit.load.Bytes;
import dev.kvstore.testkit.load.KvClient;
import dev.kvstore.testkit.process.Await;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Many keys besides those of a load, each with a value that follows from its number: so much has to move, and must not get lost.
 *
 * @param prefix what their names, and no others, begin with
 * @param count how many
 */
public record FilledKeys(String prefix, int count) {
    /** How many to write, where this was not given. */
    public static int asGiven(int otherwise) {
        return Integer.getInteger("kvstore.scaling.keys", otherwise);
    }

    private static final int WRITERS = 32;
    private static final Duration PATIENCE = Duration.ofMinutes(6);

    /** Writes them through these nodes, and says how long it took. */
    public void fill(KvClient http, List<URI> nodes) throws Exception {
        long startNs = System.nanoTime();
        AtomicInteger next = new AtomicInteger();
        List<Callable<Void>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            URI node = nodes.get(i % nodes.size());
            writers.add(() -> {
                for (int key = next.getAndIncrement(); key < count; key = next.getAndIncrement()) {
                    Operation put = Operation.put(prefix + key, value(key), Condition.NONE);
                    Await.until(
                            "a write of " + prefix + key, PATIENCE, () -> isDone(http.execute(node, put)), () -> "");
                }
                return null;
            });
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Void> each : threads.invokeAll(writers)) {
                each.get();
            }
        }
        System.out.printf("filled with %d keys in %.0f s%n", count, (System.nanoTime() - startNs) / 1e9);
    }

    private static boolean isDone(Outcome outcome) {
        return !(outcome instanceof Outcome.Refused) && !(outcome instanceof Outcome.Unknown);
    }

    /** All of them are there with their values, and none besides, when this node is asked. */
    public void verify(KvClient http, URI node) throws Exception {
        Map<String, Outcome.Value> found = http.scan(node, Bytes.of(prefix));
        assertThat(found).as("keys that %s finds", node).hasSize(count);
        for (int i = 0; i < count; i++) {
            Outcome.Value value = found.get(prefix + i);
            assertThat(value == null ? "nothing" : value.value())
                    .as("%s%d at %s", prefix, i, node)
                    .isEqualTo(value(i));
        }
    }

    /** This node has the right values of those that it has copies of itself, whether or not it is their primary. */
    public void verifyCopies(KvClient http, URI node) {
        for (int i = 0; i < count; i++) {
            assertThat(http.execute(node, Operation.staleGet(prefix + i)))
                    .as("%s%d at %s", prefix, i, node)
                    .isInstanceOf(Outcome.Value.class)
                    .extracting(found -> ((Outcome.Value) found).value())
                    .isEqualTo(value(i));
        }
    }

    /** The value that a key was filled with. */
    public static String value(int key) {
        return "value " + key * 31L;
    }
}
