package dev.kvstore.node.engine;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Operation;
import dev.kvstore.core.data.Outcome;
import dev.kvstore.core.ring.Slots;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lists keys across all partitions. What a partition contributes to a page comes from one scan of it, so it is linearizable;
 * the page as a whole is no snapshot. A partition that cannot answer makes the whole page an error.
 *
 * <p>First the keys alone are asked for, of each partition about twice its fair share; partitions that hold more than that are
 * asked again for as many as the page has. Where values are wanted, the partitions that contribute are then asked for theirs.
 * Their answer, not the first one, makes the page, since keys may have come or gone in between.
 */
public final class Listing {
    private static final int SHARE_SLACK = 16;
    private static final int SHRINK = 4;

    private final Query query;
    private final int partitions;
    private final long maxBytes;
    private final Function<Operation.Scan, CompletionStage<Outcome>> ask;

    /**
     * What is to be listed.
     *
     * @param after only keys greater than this one; null from the beginning
     * @param limit keys of the page, at least 1
     */
    public record Query(Bytes prefix, @Nullable Bytes after, int limit, boolean values) {}

    private Listing(
            Query query, int partitions, long maxBytes, Function<Operation.Scan, CompletionStage<Outcome>> ask) {
        this.query = query;
        this.partitions = partitions;
        this.maxBytes = maxBytes;
        this.ask = ask;
    }

    /**
     * Lists.
     *
     * @param partitions how many there are
     * @param maxBytes bytes of keys and values that are held for this page at a time; a page with values that would be larger
     *     becomes shorter
     * @param ask carries one scan out
     * @return an {@link Outcome.Page} or an {@link Outcome.Failed}; a page with {@code more} has at least one key
     */
    public static CompletionStage<Outcome> list(
            Query query, int partitions, long maxBytes, Function<Operation.Scan, CompletionStage<Outcome>> ask) {
        return new Listing(query, partitions, maxBytes, ask).keys();
    }

    private CompletionStage<Outcome> keys() {
        int share = Math.min(query.limit(), 2 * query.limit() / partitions + SHARE_SLACK);
        List<Operation.Scan> scans = new ArrayList<>(partitions);
        for (int partition = 0; partition < partitions; partition++) {
            scans.add(scan(partition, share, false));
        }
        return gather(scans, pages -> {
            Outcome.Page merged = PageMerge.merge(pages.values(), query.limit(), null);
            return full(merged) ? withValues(merged) : keysOfLargeOnes(pages);
        });
    }

    private CompletionStage<Outcome> keysOfLargeOnes(Map<Integer, Outcome.Page> pages) {
        List<Operation.Scan> scans = new ArrayList<>();
        pages.forEach((partition, page) -> {
            if (page.more()) {
                scans.add(scan(partition, query.limit(), false));
            }
        });
        return gather(scans, again -> {
            Map<Integer, Outcome.Page> all = new HashMap<>(pages);
            all.putAll(again);
            return withValues(PageMerge.merge(all.values(), query.limit(), null));
        });
    }

    private boolean full(Outcome.Page page) {
        return !page.more() || page.items().size() == query.limit();
    }

    private CompletionStage<Outcome> withValues(Outcome.Page keys) {
        return query.values() && !keys.items().isEmpty() ? values(keys) : checked(keys);
    }

    private static CompletionStage<Outcome> checked(Outcome.Page page) {
        // The keys at hand have all expired and are about to be removed; what follows them is not known until then.
        boolean blocked = page.more() && page.items().isEmpty();
        return CompletableFuture.completedStage(blocked ? Outcome.failed(Outcome.Failure.NO_PRIMARY) : page);
    }

    private CompletionStage<Outcome> values(Outcome.Page keys) {
        Map<Integer, Integer> counts = new HashMap<>();
        for (Outcome.Item item : keys.items()) {
            counts.merge(Slots.partitionOf(item.key(), partitions), 1, Integer::sum);
        }
        List<Operation.Scan> scans = new ArrayList<>();
        // one more than wanted: it tells that no key has come in between
        counts.forEach((partition, count) -> scans.add(scan(partition, count + 1, true)));
        Bytes upTo = keys.more() ? keys.items().getLast().key() : null;
        boolean shortest = keys.items().size() <= 1;
        return Gather.all(scans, shortest ? Long.MAX_VALUE : maxBytes, ask).thenCompose(result -> switch (result) {
            case Gather.Result.Pages got -> {
                Outcome.Page merged = PageMerge.merge(got.pages().values(), query.limit(), upTo);
                // all keys that were seen are gone by now: go on behind them
                boolean gone = merged.items().isEmpty()
                        && upTo != null
                        && !PageMerge.blocked(got.pages().values());
                yield gone
                        ? list(new Query(query.prefix(), upTo, query.limit(), true), partitions, maxBytes, ask)
                        : checked(merged);
            }
            case Gather.Result.Failed failed -> CompletableFuture.completedStage(Outcome.failed(failed.failure()));
            case Gather.Result.TooLarge large -> values(shorter(keys));
        });
    }

    private static Outcome.Page shorter(Outcome.Page keys) {
        int size = Math.max(1, keys.items().size() / SHRINK);
        return new Outcome.Page(keys.items().subList(0, size), true);
    }

    private Operation.Scan scan(int partition, int limit, boolean values) {
        return new Operation.Scan(partition, query.prefix(), query.after(), limit, values);
    }

    private CompletionStage<Outcome> gather(
            List<Operation.Scan> scans, Function<Map<Integer, Outcome.Page>, CompletionStage<Outcome>> then) {
        return Gather.all(scans, Long.MAX_VALUE, ask).thenCompose(result -> switch (result) {
            case Gather.Result.Pages got -> then.apply(got.pages());
            case Gather.Result.Failed failed -> CompletableFuture.completedStage(Outcome.failed(failed.failure()));
            case Gather.Result.TooLarge large -> throw new IllegalStateException("keys alone are never too large");
        });
    }
}
