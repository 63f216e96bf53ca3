package dev.kvstore.testkit.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kvstore.testkit.bench.load.Kind;
import dev.kvstore.testkit.bench.load.Measurement;
import dev.kvstore.testkit.bench.load.OpenLoop;
import dev.kvstore.testkit.bench.load.Prober;
import dev.kvstore.testkit.bench.load.Store;
import dev.kvstore.testkit.bench.report.Numbers;
import dev.kvstore.testkit.bench.report.Table;
import dev.kvstore.testkit.bench.store.HttpStore;
import dev.kvstore.testkit.load.KvClient;
import dev.kvstore.testkit.process.Await;
import dev.kvstore.testkit.process.ClusterSettings;
import dev.kvstore.testkit.process.LocalCluster;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/**
 * What it costs to go from three members to four: how much is moved, how well it is spread afterwards, and what clients notice:
 * the latency of writes at a constant rate, and the longest time between two writes in a row of one key.
 */
final class Rebalance {
    private static final List<String> NAMES = List.of("node1", "node2", "node3", "node4");
    private static final int BEFORE = 3;
    private static final double PER_SECOND = 300;
    private static final int OK = 200;
    private static final Duration SLICE = Duration.ofSeconds(2);
    private static final Duration SETTLED_TIMEOUT = Duration.ofMinutes(15);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration PROBE_PAUSE = Duration.ofMillis(10);
    private static final int PROBED = 16;
    private static final int PROBE_BYTES = 100;
    private static final double NS_PER_MS = 1e6;
    private static final double NS_PER_S = 1e9;
    private static final double P50 = 50;
    private static final double P99 = 99;

    private final Plan plan;
    private final LocalCluster cluster;
    private final List<URI> asked;
    private final Consumer<String> progress;
    private final SplittableRandom random = new SplittableRandom();

    /** What clients noticed over a time. */
    private record Noticed(Histogram latencies, double longestMs, long failures, double seconds) {}

    private Rebalance(Plan plan, LocalCluster cluster, Consumer<String> progress) {
        this.plan = plan;
        this.cluster = cluster;
        this.asked = NAMES.subList(0, BEFORE).stream().map(cluster::baseUrl).toList();
        this.progress = progress;
    }

    /** Measures, with nodes that keep their data in this folder. */
    static List<Table> run(Plan plan, Path folder, Consumer<String> progress)
            throws IOException, TimeoutException, InterruptedException {
        ClusterSettings three = Nodes.settings(folder, plan.replication(), Map.of());
        ClusterSettings four = new ClusterSettings(
                three.command(),
                three.workingDirectory(),
                three.directory(),
                NAMES.size(),
                List.of("--replication", Integer.toString(plan.replication()), "--members", Integer.toString(BEFORE)),
                three.nodeOptions(),
                three.environment());
        try (LocalCluster cluster = new LocalCluster(four)) {
            for (String name : NAMES.subList(0, BEFORE)) {
                cluster.start(name);
            }
            cluster.awaitReady(Nodes.READY_TIMEOUT);
            cluster.awaitInSync(Nodes.READY_TIMEOUT);
            return new Rebalance(plan, cluster, progress).run();
        }
    }

    private List<Table> run() throws IOException, TimeoutException, InterruptedException {
        List<String> tags = Status.tags(cluster).subList(0, PROBED);
        try (Store store = HttpStore.kvstore(
                "kvstore", asked, plan.connections(), plan.valueBytes(), REQUEST_TIMEOUT, List.of())) {
            Comparison.fill(store, plan, progress);
            noticeFor(store, tags, "warm", plan.warmup());
            Noticed quiet = noticeFor(store, tags, "quiet", plan.measured());
            JsonNode before = ring();
            cluster.start(NAMES.getLast());
            cluster.process(NAMES.getLast())
                    .awaitWhileAlive("the ring names the fourth", Nodes.READY_TIMEOUT, () -> names(NAMES.size()));
            Noticed busy = notice(store, tags, "busy", this::settled);
            awaitSettled(NAMES.size());
            RingChange change = RingChange.of(before, ring());

            // as much moves once more, and nothing is new to any JVM: the process of the fourth stays
            order("{\"members\": {\"" + NAMES.getLast() + "\": null}}");
            awaitSettled(BEFORE);
            Noticed quietAgain = noticeFor(store, tags, "quiet again", plan.measured());
            order("{\"members\": {\"" + NAMES.getLast() + "\": \"\"}}");
            Await.until("the ring names the fourth again", SETTLED_TIMEOUT, () -> names(NAMES.size()), () -> "");
            Noticed busyAgain = notice(store, tags, "busy again", this::settled);
            return tables(change, quiet, busy, quietAgain, busyAgain);
        }
    }

    private Noticed noticeFor(Store store, List<String> tags, String run, Duration time)
            throws InterruptedException, TimeoutException {
        long untilNs = System.nanoTime() + time.toNanos();
        return notice(store, tags, run, () -> System.nanoTime() > untilNs);
    }

    private void order(String patch) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(asked.getFirst() + "/v1/cluster/desired"))
                .method("PATCH", HttpRequest.BodyPublishers.ofString(patch))
                .timeout(REQUEST_TIMEOUT)
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != OK) {
                throw new IOException(
                        "the order " + patch + " was answered " + answer.statusCode() + ": " + answer.body());
            }
        }
    }

    private interface Until {
        boolean holds() throws InterruptedException;
    }

    /** Loads the store, slice after slice, at least one. */
    private Noticed notice(Store store, List<String> tags, String run, Until until)
            throws InterruptedException, TimeoutException {
        long startNs = System.nanoTime();
        int lanes = tags.size() * asked.size();
        List<Measurement> slices = new ArrayList<>();
        try (Store probed = HttpStore.kvstore("probed", asked, lanes, PROBE_BYTES, REQUEST_TIMEOUT, List.of());
                Prober prober = new Prober(probed, asked.size(), tags, run, PROBE_PAUSE, PROBE_PAUSE)) {
            prober.start();
            Await.until(
                    "a write to every probed partition",
                    Nodes.READY_TIMEOUT,
                    () -> prober.detector().allSince(startNs),
                    () -> "");
            prober.detector().forgetLongest();
            Supplier<String> keys = () -> Comparison.key(anyKey());
            do {
                slices.add(OpenLoop.run(
                        store,
                        Kind.PUT,
                        plan.connections(),
                        keys,
                        plan.perSecond() == null ? PER_SECOND : plan.perSecond(),
                        Duration.ZERO,
                        SLICE));
            } while (!until.holds());
            double longestMs = prober.detector().longestNs(System.nanoTime()) / NS_PER_MS;
            Histogram all = new Histogram(slices.getFirst().latencies());
            all.reset();
            slices.forEach(slice -> all.add(slice.latencies()));
            long failures = slices.stream().mapToLong(Measurement::failures).sum();
            double seconds = (System.nanoTime() - startNs) / NS_PER_S;
            progress.accept("%s: p99 %s ms, longest pause %s ms, %d failed, %s s"
                    .formatted(
                            run,
                            Numbers.ms(all.getValueAtPercentile(P99) / NS_PER_MS),
                            Numbers.ms(longestMs),
                            failures,
                            Numbers.seconds(seconds)));
            return new Noticed(all, longestMs, failures, seconds);
        }
    }

    private synchronized int anyKey() {
        return random.nextInt(plan.keys());
    }

    private boolean names(int members) throws InterruptedException {
        try {
            return ring().path("members").size() == members;
        } catch (IOException _) {
            // it will be asked again
            return false;
        }
    }

    private boolean settled() throws InterruptedException {
        try {
            JsonNode partitions = cluster.status(NAMES.getFirst()).path("partitions");
            return partitions.path("toMove").asInt(-1) == 0
                    && partitions.path("fullyInSync").asInt(-1)
                            == partitions.path("total").asInt(-2);
        } catch (IOException _) {
            // it will be asked again
            return false;
        }
    }

    private void awaitSettled(int members) throws TimeoutException, InterruptedException {
        Await.until("every partition where it belongs", SETTLED_TIMEOUT, () -> names(members) && settled(), () -> "");
    }

    private JsonNode ring() throws IOException, InterruptedException {
        try (KvClient client = new KvClient(REQUEST_TIMEOUT)) {
            return client.getPath(asked.getFirst(), "/v1/cluster/ring").json();
        }
    }

    private List<Table> tables(RingChange change, Noticed quiet, Noticed busy, Noticed quietAgain, Noticed busyAgain) {
        Table moved = new Table(
                "From three members to four: what moved, " + change.partitions() + " partitions, replication "
                        + plan.replication() + ", " + plan.keys() + " keys of " + plan.valueBytes() + " bytes",
                List.of("copies", "must move", "moved", "moved over least", "most primaries over mean", "took s"),
                List.of(List.of(
                        Numbers.whole(change.copies()),
                        Numbers.seconds(change.least()),
                        Numbers.whole(change.moved()),
                        Numbers.times(change.movedOverLeast()),
                        Numbers.times(change.primariesOverMean()),
                        Numbers.seconds(busy.seconds()))));
        Table noticed = new Table(
                "What clients noticed of it: writes at a constant rate, and the longest time between two writes in a row to one"
                        + " of " + PROBED + " partitions that are written to each " + PROBE_PAUSE.toMillis()
                        + " ms, which is in the number",
                List.of("when", "p50 ms", "p99 ms", "p99 over quiet", "longest pause ms", "failed"),
                List.of(
                        row("before", quiet, quiet),
                        row("while it moves", busy, quiet),
                        row("once more, before", quietAgain, quietAgain),
                        row("once more, while it moves", busyAgain, quietAgain)));
        return List.of(moved, noticed);
    }

    private static List<String> row(String when, Noticed noticed, Noticed quiet) {
        double p99 = noticed.latencies().getValueAtPercentile(P99);
        return List.of(
                when,
                Numbers.ms(noticed.latencies().getValueAtPercentile(P50) / NS_PER_MS),
                Numbers.ms(p99 / NS_PER_MS),
                Numbers.times(p99 / quiet.latencies().getValueAtPercentile(P99)),
                Numbers.ms(noticed.longestMs()),
                Long.toString(noticed.failures()));
    }
}
