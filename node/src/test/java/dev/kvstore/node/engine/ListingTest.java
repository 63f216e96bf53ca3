package dev.kvstore.node.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Operation;
import dev.kvstore.core.data.Outcome;
import dev.kvstore.core.data.Outcome.Failure;
import dev.kvstore.core.data.Stored;
import dev.kvstore.core.ring.Slots;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ListingTest {
    private static final int PARTITIONS = 16;
    private static final long MANY_BYTES = 1L << 30;

    private final TreeMap<Bytes, Stored> state = new TreeMap<>();
    private final List<Operation.Scan> asked = new ArrayList<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private int mostUnderWay;
    private int pageItems = Integer.MAX_VALUE;
    private Executor executor = Runnable::run;
    private Runnable beforeValues = () -> {};

    @Test
    void listsAllKeysInByteOrderInFullPages() {
        for (int i = 0; i < 500; i++) {
            store("key" + i, "value" + i);
        }
        for (int limit : new int[] {1, 3, 64, 499, 500, 1_000}) {
            for (boolean values : new boolean[] {false, true}) {
                assertThat(pages("key", limit, values, MANY_BYTES)).isEqualTo(List.copyOf(state.keySet()));
            }
        }
    }

    @Test
    void ordersKeysAsUnsignedBytes() {
        for (int i = 0; i < 256; i++) {
            Bytes key = Bytes.wrap(new byte[] {(byte) i});
            state.put(key, new Stored(Bytes.EMPTY, 1, 0));
        }
        List<Bytes> keys = pages("", 10, false, MANY_BYTES);
        assertThat(keys).hasSize(256);
        assertThat(keys.getLast().array()).containsExactly(0xFF);
    }

    @Test
    void fillsAPageFromOnePartitionThatHoldsAllKeys() {
        for (int i = 0; i < 300; i++) {
            store("{tag}" + i, "x");
        }
        Outcome.Page page = page(list("{tag}", null, 250, false, MANY_BYTES));
        assertThat(page.items()).hasSize(250);
        assertThat(page.more()).isTrue();
    }

    @Test
    void makesOnePageOfPagesThatAreShorterThanAskedFor() {
        for (int i = 0; i < 200; i++) {
            store("key" + i, "x");
        }
        pageItems = 3;
        for (int limit : new int[] {1, 5, 50, 1_000}) {
            assertThat(pages("key", limit, true, MANY_BYTES)).isEqualTo(List.copyOf(state.keySet()));
        }
    }

    @Test
    void givesValuesOnlyWhereTheyAreWanted() {
        store("a", "one");
        assertThat(page(list("", null, 10, false, MANY_BYTES))
                        .items()
                        .getFirst()
                        .stored()
                        .value())
                .isEqualTo(Bytes.EMPTY);
        assertThat(page(list("", null, 10, true, MANY_BYTES))
                        .items()
                        .getFirst()
                        .stored()
                        .value())
                .isEqualTo(Bytes.utf8("one"));
        assertThat(asked.stream().filter(Operation.Scan::values)).hasSize(1);
    }

    @Test
    void shortensAPageWhoseValuesAreTooLarge() {
        for (int i = 0; i < 100; i++) {
            store("key" + i, "x".repeat(1_000));
        }
        Outcome.Page page = page(list("key", null, 100, true, 10_000));
        assertThat(page.more()).isTrue();
        assertThat(page.items()).hasSizeBetween(1, 10);
        assertThat(pages("key", 100, true, 10_000)).hasSize(100);
        assertThat(pages("key", 100, true, 1)).hasSize(100);
    }

    @Test
    void isAnErrorWhenAPartitionCannotAnswer() {
        store("a", "one");
        for (Failure failure : List.of(Failure.NO_PRIMARY, Failure.LOST, Failure.OVERLOADED)) {
            Outcome outcome = Listing.list(
                            new Listing.Query(Bytes.EMPTY, null, 10, false),
                            PARTITIONS,
                            MANY_BYTES,
                            scan -> scan.partition() == 11
                                    ? CompletableFuture.completedStage(Outcome.failed(failure))
                                    : answer(scan))
                    .toCompletableFuture()
                    .join();
            assertThat(outcome).isEqualTo(Outcome.failed(failure));
        }
    }

    @Test
    void doesNotGoOnAskingAfterAFailure() {
        AtomicInteger scans = new AtomicInteger();
        Listing.list(new Listing.Query(Bytes.EMPTY, null, 10, false), 1_024, MANY_BYTES, scan -> {
                    scans.incrementAndGet();
                    return CompletableFuture.completedStage(Outcome.failed(Failure.OVERLOADED));
                })
                .toCompletableFuture()
                .join();
        assertThat(scans.get()).isEqualTo(1);
    }

    @Test
    void asksFewPartitionsAtATime() throws Exception {
        for (int i = 0; i < 300; i++) {
            store("key" + i, "x");
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            executor = threads;
            Outcome outcome = list("key", null, 100, true, MANY_BYTES)
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
            assertThat(((Outcome.Page) outcome).items()).hasSize(100);
        }
        assertThat(mostUnderWay).isLessThanOrEqualTo(Gather.WINDOW);
    }

    @Test
    void copesWithKeysThatComeAndGoBetweenItsScans() {
        Random random = new Random(5);
        for (int i = 0; i < 200; i += 2) {
            store("key" + i, "x");
        }
        TreeMap<Bytes, Stored> kept = new TreeMap<>(state);
        // those that stay all the time must all be listed, in order
        for (int i = 0; i < 200; i += 10) {
            state.remove(Bytes.utf8("key" + i));
            kept.remove(Bytes.utf8("key" + i));
        }
        beforeValues = () -> {
            Bytes other = Bytes.utf8("key" + (random.nextInt(100) * 2 + 1));
            if (state.remove(other) == null) {
                state.put(other, new Stored(Bytes.EMPTY, 1, 0));
            }
        };
        for (int limit : new int[] {1, 2, 10, 100}) {
            assertThat(pages("key", limit, true, MANY_BYTES))
                    .containsAll(kept.keySet())
                    .isSorted();
        }
    }

    @Test
    void goesOnBehindKeysThatAreGoneWhenItsValuesAreRead() {
        store("a", "x");
        store("b", "x");
        beforeValues = () -> state.remove(Bytes.utf8("a"));
        Outcome.Page page = page(list("", null, 1, true, MANY_BYTES));
        assertThat(page.items().getFirst().key()).isEqualTo(Bytes.utf8("b"));
    }

    @Test
    void hasAClientComeAgainWhenNothingButExpiredKeysIsAtHand() {
        Outcome outcome = Listing.list(
                        new Listing.Query(Bytes.EMPTY, null, 10, true),
                        PARTITIONS,
                        MANY_BYTES,
                        scan -> CompletableFuture.completedStage(new Outcome.Page(List.of(), scan.partition() == 3)))
                .toCompletableFuture()
                .join();
        assertThat(outcome).isEqualTo(Outcome.failed(Failure.NO_PRIMARY));
    }

    private void store(String key, String value) {
        state.put(Bytes.utf8(key), new Stored(Bytes.utf8(value), 1, 0));
    }

    private List<Bytes> pages(String prefix, int limit, boolean values, long maxBytes) {
        List<Bytes> keys = new ArrayList<>();
        Bytes after = null;
        while (true) {
            Outcome.Page page = page(list(prefix, after, limit, values, maxBytes));
            assertThat(page.items().size()).isLessThanOrEqualTo(limit);
            page.items().forEach(item -> keys.add(item.key()));
            if (!page.more()) {
                return keys;
            }
            assertThat(page.items()).isNotEmpty();
            after = page.items().getLast().key();
        }
    }

    private CompletionStage<Outcome> list(
            String prefix, @Nullable Bytes after, int limit, boolean values, long maxBytes) {
        return Listing.list(
                new Listing.Query(Bytes.utf8(prefix), after, limit, values), PARTITIONS, maxBytes, this::answer);
    }

    private static Outcome.Page page(CompletionStage<Outcome> outcome) {
        return (Outcome.Page) outcome.toCompletableFuture().join();
    }

    private CompletionStage<Outcome> answer(Operation.Scan scan) {
        synchronized (asked) {
            asked.add(scan);
            mostUnderWay = Math.max(mostUnderWay, underWay.incrementAndGet());
        }
        CompletableFuture<Outcome> answer = new CompletableFuture<>();
        executor.execute(() -> {
            Outcome page = scanned(scan);
            underWay.decrementAndGet();
            answer.complete(page);
        });
        return answer;
    }

    private Outcome scanned(Operation.Scan scan) {
        List<Outcome.Item> items = new ArrayList<>();
        synchronized (state) {
            if (scan.values()) {
                beforeValues.run();
            }
            for (Map.Entry<Bytes, Stored> each : state.entrySet()) {
                Bytes key = each.getKey();
                boolean wanted = Slots.partitionOf(key, PARTITIONS) == scan.partition()
                        && key.startsWith(scan.prefix())
                        && (scan.after() == null || key.compareTo(scan.after()) > 0);
                if (wanted && items.size() == Math.min(scan.limit(), pageItems)) {
                    return new Outcome.Page(items, true);
                }
                if (wanted) {
                    Bytes value = scan.values() ? each.getValue().value() : Bytes.EMPTY;
                    items.add(new Outcome.Item(
                            key, new Stored(value, each.getValue().version(), 0)));
                }
            }
        }
        return new Outcome.Page(items, false);
    }
}
