package dev.kvstore.node.engine;

import dev.kvstore.core.data.Operation;
import dev.kvstore.core.data.Outcome;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks several partitions for a page each, a few at a time, and gives up at the first failure or when the answers become too
 * large together.
 */
final class Gather {
    /** Scans that are under way at a time. */
    static final int WINDOW = 16;

    private final Function<Operation.Scan, CompletionStage<Outcome>> ask;
    private final ArrayDeque<Operation.Scan> waiting;
    private final long maxBytes;
    private final Map<Integer, Outcome.Page> pages = new HashMap<>();
    private final CompletableFuture<Result> result = new CompletableFuture<>();
    private int underWay;
    private long bytes;

    /** How it ended. */
    sealed interface Result {
        /** All pages, by partition. */
        record Pages(Map<Integer, Outcome.Page> pages) implements Result {}

        /** A partition could not answer. */
        record Failed(Outcome.Failure failure) implements Result {}

        /** The pages hold more bytes than they may. */
        record TooLarge() implements Result {}
    }

    private Gather(
            Collection<Operation.Scan> scans, long maxBytes, Function<Operation.Scan, CompletionStage<Outcome>> ask) {
        this.ask = ask;
        this.waiting = new ArrayDeque<>(scans);
        this.maxBytes = maxBytes;
    }

    /** Asks; {@code maxBytes} bounds the keys and values of all pages together. */
    static CompletionStage<Result> all(
            Collection<Operation.Scan> scans, long maxBytes, Function<Operation.Scan, CompletionStage<Outcome>> ask) {
        Gather gather = new Gather(scans, maxBytes, ask);
        gather.advance();
        return gather.result;
    }

    private void advance() {
        for (Operation.Scan next = next(); next != null; next = next()) {
            int partition = next.partition();
            CompletionStage<Outcome> stage = ask.apply(next);
            CompletableFuture<Outcome> answer = stage.toCompletableFuture();
            if (answer.isDone()) {
                take(partition, answer.join());
            } else {
                stage.thenAccept(outcome -> {
                    take(partition, outcome);
                    advance();
                });
            }
        }
    }

    private Operation.@Nullable Scan next() {
        Map<Integer, Outcome.Page> all;
        synchronized (this) {
            if (!waiting.isEmpty() && underWay < WINDOW && !result.isDone()) {
                underWay++;
                return waiting.removeFirst();
            }
            if (!waiting.isEmpty() || underWay > 0) {
                return null;
            }
            all = Map.copyOf(pages);
        }
        result.complete(new Result.Pages(all));
        return null;
    }

    private void take(int partition, Outcome outcome) {
        boolean tooLarge = false;
        synchronized (this) {
            underWay--;
            if (outcome instanceof Outcome.Page page) {
                pages.put(partition, page);
                bytes += sizeBytes(page);
                tooLarge = bytes > maxBytes;
            } else {
                waiting.clear();
            }
        }
        if (tooLarge) {
            result.complete(new Result.TooLarge());
        } else if (outcome instanceof Outcome.Failed failed) {
            result.complete(new Result.Failed(failed.failure()));
        } else if (!(outcome instanceof Outcome.Page)) {
            result.completeExceptionally(new IllegalStateException("a scan was answered by " + outcome));
        }
    }

    private static long sizeBytes(Outcome.Page page) {
        long sum = 0;
        for (Outcome.Item item : page.items()) {
            sum += item.key().size() + item.stored().value().size();
        }
        return sum;
    }
}
