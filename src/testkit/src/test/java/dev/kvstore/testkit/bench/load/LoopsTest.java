package dev.kvstore.testkit.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvstore.testkit.process.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LoopsTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    @Test
    void everyKeyIsSentOnce() throws Exception {
        try (FakeStore store = new FakeStore(key -> null)) {
            Measurement measured = ClosedLoop.runAll(store, Kind.PUT, 4, keys(1_000), LONG);

            assertThat(store.complaints).isEmpty();
            assertThat(store.keys)
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 1_000)
                            .mapToObj(key -> "key" + key)
                            .toList());
            assertThat(measured.latencies().getTotalCount()).isEqualTo(1_000);
            assertThat(measured.failures()).isZero();
        }
    }

    @Test
    void failuresAreCountedAndAreNoLatencies() throws Exception {
        try (FakeStore store = new FakeStore(key -> key.endsWith("7") ? "no sevens" : null)) {
            Measurement measured = ClosedLoop.runAll(store, Kind.PUT, 2, keys(100), LONG);

            assertThat(measured.failures()).isEqualTo(10);
            assertThat(measured.failure()).isEqualTo("no sevens");
            assertThat(measured.latencies().getTotalCount()).isEqualTo(90);
        }
    }

    @Test
    void anAnswerThatNeverComesEndsTheRun() {
        Store silent = new FakeStore(key -> null) {
            @Override
            public void begin(Kind kind, int lane, String key, Answered answered) {
                // never answers
            }
        };
        try (silent) {
            assertThatThrownBy(() -> ClosedLoop.runAll(silent, Kind.GET, 3, () -> "key", Duration.ofMillis(10)))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("owes 3 answers");
        }
    }

    @Test
    void theOpenLoopSendsAllThatItIsMeantToSend() throws Exception {
        try (FakeStore store = new FakeStore(key -> null)) {
            Measurement measured = OpenLoop.run(
                    store, Kind.GET, 2, () -> "key", 10_000, Duration.ofMillis(50), Duration.ofMillis(100));

            assertThat(store.complaints).isEmpty();
            assertThat(store.keys).hasSize(1_500);
            // what was meant to start in the time before the measurement is left out
            assertThat(measured.latencies().getTotalCount()).isEqualTo(1_000);
        }
    }

    @Test
    void whatTheProberReportsAsAcknowledgedWas() throws Exception {
        try (FakeStore store = new FakeStore(key -> key.hashCode() % 2 == 0 ? null : "odd");
                Prober prober =
                        new Prober(store, 3, List.of("a", "b"), "run", Duration.ofMillis(1), Duration.ofMillis(1))) {
            long begunNs = System.nanoTime();
            prober.start();
            Await.until("writes to both", LONG, () -> prober.detector().allSince(begunNs), () -> "");
            prober.close();

            assertThat(store.complaints).isEmpty();
            assertThat(prober.acknowledged())
                    .doesNotHaveDuplicates()
                    .isSubsetOf(store.keys)
                    .allMatch(key -> key.hashCode() % 2 == 0);
        }
    }

    private static Supplier<@Nullable String> keys(int count) {
        AtomicInteger next = new AtomicInteger();
        return () -> {
            int key = next.getAndIncrement();
            return key < count ? "key" + key : null;
        };
    }
}
