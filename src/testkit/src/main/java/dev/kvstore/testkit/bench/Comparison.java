package dev.kvstore.testkit.bench;

import dev.kvstore.testkit.bench.load.ClosedLoop;
import dev.kvstore.testkit.bench.load.Kind;
import dev.kvstore.testkit.bench.load.Measurement;
import dev.kvstore.testkit.bench.load.OpenLoop;
import dev.kvstore.testkit.bench.load.Store;
import dev.kvstore.testkit.bench.report.Numbers;
import dev.kvstore.testkit.bench.report.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/**
 * Throughput and latency of one store or several. They take turns in every round, each round in the reverse order of the one
 * before, so that what else happens on the machine hits all alike; medians are told, and for ratios the median of the rounds'
 * ratios.
 */
final class Comparison {
    private static final Duration FILL_TIMEOUT = Duration.ofMinutes(30);

    /** How many times as long a store is warmed up before its first phase of a kind: JVMs compile then. */
    private static final int FIRST_WARMUPS = 10;

    private final Plan plan;
    private final List<Store> stores;
    private final List<Kind> kinds;
    private final Consumer<String> progress;
    private final Map<Series, List<Measurement>> closed = new LinkedHashMap<>();
    private final Map<Series, List<Measurement>> open = new LinkedHashMap<>();
    private final Map<Kind, Double> rates = new LinkedHashMap<>();

    private record Series(Kind kind, Store store) {}

    /** A comparison of stores that hold the same keys; the first is the one that is compared with the others. */
    Comparison(Plan plan, List<Store> stores, List<Kind> kinds, Consumer<String> progress) {
        this.plan = plan;
        this.stores = stores;
        this.kinds = kinds;
        this.progress = progress;
    }

    /** Writes every key once. */
    static void fill(Store store, Plan plan, Consumer<String> progress) throws InterruptedException, TimeoutException {
        AtomicInteger next = new AtomicInteger();
        Measurement filled = ClosedLoop.runAll(
                store,
                Kind.PUT,
                plan.connections(),
                () -> {
                    int key = next.getAndIncrement();
                    return key < plan.keys() ? key(key) : null;
                },
                FILL_TIMEOUT);
        if (filled.failures() > 0) {
            throw new IllegalStateException(filled.failures() + " keys could not be written to " + store.name()
                    + "; the first: " + filled.failure());
        }
        progress.accept(store.name() + ": " + plan.keys() + " keys written, " + Numbers.whole(filled.perSecond())
                + " a second");
    }

    /** Measures. */
    List<Table> run() throws InterruptedException, TimeoutException {
        for (int round = 0; round < plan.rounds(); round++) {
            for (Kind kind : kinds) {
                for (Store store : turn(round)) {
                    Duration warmup = plan.warmup().multipliedBy(round == 0 ? FIRST_WARMUPS : 1);
                    Measurement measured =
                            ClosedLoop.run(store, kind, plan.connections(), this::anyKey, warmup, plan.measured());
                    add(closed, round, kind, store, measured);
                }
            }
        }
        for (Kind kind : kinds) {
            rates.put(kind, rate(kind));
        }
        for (int round = 0; round < plan.rounds(); round++) {
            for (Kind kind : kinds) {
                for (Store store : turn(round)) {
                    Measurement measured = OpenLoop.run(
                            store,
                            kind,
                            plan.connections(),
                            this::anyKey,
                            rates.getOrDefault(kind, 1.0),
                            plan.warmup(),
                            plan.measured());
                    add(open, round, kind, store, measured);
                }
            }
        }
        return List.of(throughput(), latency());
    }

    /** What failed, in words. */
    List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        for (Map<Series, List<Measurement>> phase : List.of(closed, open)) {
            phase.forEach((series, rounds) -> rounds.stream()
                    .filter(measured -> measured.failures() > 0)
                    .forEach(measured -> remarks.add(series.store().name() + ": " + measured.failures() + " "
                            + series.kind() + " failed, the first: " + measured.failure())));
        }
        return remarks;
    }

    private List<Store> turn(int round) {
        return round % 2 == 0 ? stores : stores.reversed();
    }

    private void add(Map<Series, List<Measurement>> phase, int round, Kind kind, Store store, Measurement measured) {
        phase.computeIfAbsent(new Series(kind, store), series -> new ArrayList<>())
                .add(measured);
        progress.accept("round " + (round + 1) + " of " + plan.rounds() + ": " + kind + " " + store.name() + " "
                + Numbers.whole(measured.perSecond()) + "/s, p99 " + Numbers.ms(measured.percentileMs(99)) + " ms, "
                + Numbers.whole(measured.cpuMicrosPerRequest()) + " us processor time a request"
                + (measured.failures() > 0 ? ", " + measured.failures() + " failed: " + measured.failure() : ""));
    }

    private double rate(Kind kind) {
        Double given = plan.perSecond();
        return given != null
                ? given
                : Math.max(
                        1,
                        stores.stream()
                                .mapToDouble(store -> median(closed, kind, store, Measurement::perSecond) / 2)
                                .min()
                                .orElse(1));
    }

    private Table throughput() {
        List<List<String>> rows = new ArrayList<>();
        for (Kind kind : kinds) {
            for (Store store : stores) {
                rows.add(List.of(
                        kind.name(),
                        store.name(),
                        Numbers.whole(median(closed, kind, store, Measurement::perSecond)),
                        Numbers.list(values(closed, kind, store, Measurement::perSecond)),
                        percentile(closed, kind, store, 50),
                        percentile(closed, kind, store, 99),
                        Numbers.whole(median(closed, kind, store, Measurement::cpuMicrosPerRequest)),
                        Numbers.times(ratio(closed, kind, store, Measurement::perSecond))));
            }
        }
        return new Table(
                "Throughput: closed loop, " + conditions(),
                List.of(
                        "",
                        "store",
                        "requests/s",
                        "rounds",
                        "p50 ms",
                        "p99 ms",
                        "CPU us/request",
                        stores.getFirst().name() + " is"),
                rows);
    }

    private Table latency() {
        List<List<String>> rows = new ArrayList<>();
        for (Kind kind : kinds) {
            for (Store store : stores) {
                rows.add(List.of(
                        kind.name(),
                        store.name(),
                        Numbers.whole(rates.getOrDefault(kind, 1.0)),
                        percentile(open, kind, store, 50),
                        percentile(open, kind, store, 99),
                        percentile(open, kind, store, 99.9),
                        percentile(open, kind, store, 100),
                        Numbers.times(ratio(open, kind, store, measured -> measured.percentileMs(99)))));
            }
        }
        return new Table(
                "Latency: open loop at a constant rate, counted from when a request was meant to start, "
                        + conditions(),
                List.of(
                        "",
                        "store",
                        "requests/s",
                        "p50 ms",
                        "p99 ms",
                        "p99.9 ms",
                        "max ms",
                        stores.getFirst().name() + "'s p99 is"),
                rows);
    }

    private String conditions() {
        return plan.connections() + " connections, " + Numbers.whole(plan.keys()) + " keys, " + plan.valueBytes()
                + "-byte values, medians of " + plan.rounds() + " rounds of "
                + plan.measured().toSeconds() + " s";
    }

    private String percentile(Map<Series, List<Measurement>> phase, Kind kind, Store store, double percent) {
        return Numbers.ms(median(phase, kind, store, measured -> measured.percentileMs(percent)));
    }

    private double median(
            Map<Series, List<Measurement>> phase, Kind kind, Store store, ToDoubleFunction<Measurement> number) {
        return Numbers.median(values(phase, kind, store, number));
    }

    /** The median of what the first store has, round by round, in relation to this store. */
    private double ratio(
            Map<Series, List<Measurement>> phase, Kind kind, Store store, ToDoubleFunction<Measurement> number) {
        List<Double> first = values(phase, kind, stores.getFirst(), number);
        List<Double> other = values(phase, kind, store, number);
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < first.size(); round++) {
            ratios.add(first.get(round) / other.get(round));
        }
        return Numbers.median(ratios);
    }

    private static List<Double> values(
            Map<Series, List<Measurement>> phase, Kind kind, Store store, ToDoubleFunction<Measurement> number) {
        return phase.getOrDefault(new Series(kind, store), List.of()).stream()
                .map(number::applyAsDouble)
                .toList();
    }

    private String anyKey() {
        return key(ThreadLocalRandom.current().nextInt(plan.keys()));
    }

    static String key(int number) {
        return "bench-" + number;
    }
}
