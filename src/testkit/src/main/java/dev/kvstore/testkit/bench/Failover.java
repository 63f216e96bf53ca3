package dev.kvstore.testkit.bench;

import dev.kvstore.testkit.bench.load.ClosedLoop;
import dev.kvstore.testkit.bench.load.Kind;
import dev.kvstore.testkit.bench.load.Measurement;
import dev.kvstore.testkit.bench.load.OutageDetector;
import dev.kvstore.testkit.bench.load.Prober;
import dev.kvstore.testkit.bench.load.Store;
import dev.kvstore.testkit.bench.report.Numbers;
import dev.kvstore.testkit.bench.report.Table;
import dev.kvstore.testkit.bench.store.HttpStore;
import dev.kvstore.testkit.fault.NodeNetwork;
import dev.kvstore.testkit.process.Await;
import dev.kvstore.testkit.process.LocalCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * For how long any key could not be written when a node fails, and whether what was acknowledged is there afterwards. Every
 * partition is written to all the time, through all nodes in turn, as clients do that try another node when one does not answer.
 */
final class Failover {
    /** Between two writes to a partition. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private static final Duration RETRY_PAUSE = Duration.ofMillis(20);

    /** Then a client tries another node. */
    private static final Duration ATTEMPT_TIMEOUT = Duration.ofMillis(250);

    private static final Duration READ_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration RECOVERY_TIMEOUT = Duration.ofMinutes(2);

    /** What goes on after everything can be written again, to see that it stays so. */
    private static final Duration AFTERWARDS = Duration.ofSeconds(2);

    private static final int READERS = 32;
    private static final int READ_ATTEMPTS = 3;
    private static final int VALUE_BYTES = 100;
    private static final double NS_PER_S = 1e9;

    private final Plan plan;
    private final LocalCluster cluster;
    private final @Nullable NodeNetwork network;
    private final Consumer<String> progress;
    private final List<String> tags;
    private int run;

    /** How a node fails. */
    private enum Failure {
        KILLED("kill -9"),
        FROZEN("frozen (kill -STOP)"),
        CUT_OFF("cut off from the other nodes");

        private final String text;

        Failure(String text) {
            this.text = text;
        }
    }

    private record Result(double seconds, int acknowledged, long lost) {}

    /** For a cluster that is in sync; without a network of its own that it can be cut in, that case is left out. */
    Failover(Plan plan, LocalCluster cluster, @Nullable NodeNetwork network, Consumer<String> progress)
            throws IOException, InterruptedException {
        this.plan = plan;
        this.cluster = cluster;
        this.network = network;
        this.progress = progress;
        this.tags = Status.tags(cluster);
    }

    Table run() throws IOException, TimeoutException, InterruptedException {
        List<List<String>> rows = new ArrayList<>();
        for (Failure failure : Failure.values()) {
            if (failure == Failure.CUT_OFF && network == null) {
                continue;
            }
            for (boolean leader : List.of(false, true)) {
                List<Result> results = new ArrayList<>();
                for (int i = 0; i < plan.times(); i++) {
                    Result result = once(failure, leader);
                    results.add(result);
                    progress.accept(failure.text + ", " + (leader ? "leader" : "not the leader") + ", " + (i + 1)
                            + " of " + plan.times() + ": " + Numbers.seconds(result.seconds()) + " s, "
                            + result.acknowledged() + " writes acknowledged, " + result.lost() + " lost");
                }
                rows.add(row(failure, leader, results));
            }
        }
        return new Table(
                "Failover: for how long any key could not be written (seconds), " + tags.size()
                        + " partitions, replication " + plan.replication() + ", " + plan.times()
                        + " times each; every partition is written to each " + PAUSE.toMillis()
                        + " ms, which is in the numbers",
                List.of("failure", "node", "median", "p90", "max", "writes acknowledged", "of these lost"),
                rows);
    }

    private static List<String> row(Failure failure, boolean leader, List<Result> results) {
        List<Double> sorted = results.stream().map(Result::seconds).sorted().toList();
        int p90 = (int) Math.ceil(0.9 * sorted.size()) - 1;
        return List.of(
                failure.text,
                leader ? "the leader" : "not the leader",
                Numbers.seconds(Numbers.median(sorted)),
                Numbers.seconds(sorted.get(p90)),
                Numbers.seconds(sorted.getLast()),
                Numbers.whole(results.stream().mapToInt(Result::acknowledged).sum()),
                Long.toString(results.stream().mapToLong(Result::lost).sum()));
    }

    private Result once(Failure failure, boolean ofLeader) throws IOException, TimeoutException, InterruptedException {
        Status.awaitBalance(cluster);
        String leader = Status.awaitLeader(cluster);
        List<String> others =
                cluster.names().stream().filter(name -> !name.equals(leader)).toList();
        String victim = ofLeader ? leader : others.get(run % others.size());
        run++;
        int lanes = tags.size() * Nodes.COUNT;
        double outage;
        List<String> acknowledged;
        try (Store store = HttpStore.kvstore(
                        "kvstore", cluster.baseUrls(), lanes, VALUE_BYTES, ATTEMPT_TIMEOUT, List.of());
                Prober prober = new Prober(store, Nodes.COUNT, tags, "r" + run, PAUSE, RETRY_PAUSE)) {
            prober.start();
            OutageDetector seen = prober.detector();
            awaitAll(seen, System.nanoTime());
            // only what comes from now on counts, and every partition is known to be writable
            awaitAll(seen, System.nanoTime());
            seen.forgetLongest();
            long failedNs = System.nanoTime();
            begin(failure, victim);
            awaitAll(seen, failedNs + RETRY_PAUSE.toNanos());
            Thread.sleep(AFTERWARDS);
            outage = seen.longestNs(System.nanoTime()) / NS_PER_S;
            acknowledged = prober.acknowledged();
        } finally {
            end(failure, victim);
        }
        cluster.awaitInSync(RECOVERY_TIMEOUT);
        return new Result(outage, acknowledged.size(), lost(acknowledged));
    }

    private static void awaitAll(OutageDetector seen, long sinceNs) throws TimeoutException, InterruptedException {
        Await.until("a write to every partition", RECOVERY_TIMEOUT, () -> seen.allSince(sinceNs), () -> "");
    }

    private void begin(Failure failure, String victim) throws IOException, InterruptedException {
        switch (failure) {
            case KILLED -> cluster.kill(victim);
            case FROZEN -> cluster.freeze(victim);
            case CUT_OFF -> {
                if (network != null) {
                    network.isolate(victim);
                }
            }
        }
    }

    private void end(Failure failure, String victim) throws IOException, TimeoutException, InterruptedException {
        switch (failure) {
            case KILLED -> {
                if (!cluster.process(victim).isAlive()) {
                    cluster.start(victim);
                }
            }
            case FROZEN -> cluster.thaw(victim);
            case CUT_OFF -> {
                if (network != null) {
                    network.heal();
                }
            }
        }
        cluster.awaitReady(RECOVERY_TIMEOUT);
    }

    /** How many of these keys are not there. */
    private long lost(List<String> keys) throws TimeoutException, InterruptedException {
        try (Store store =
                HttpStore.kvstore("kvstore", cluster.baseUrls(), READERS, VALUE_BYTES, READ_TIMEOUT, List.of())) {
            long lost = 0;
            for (int attempt = 0; attempt < READ_ATTEMPTS; attempt++) {
                Iterator<String> rest = keys.iterator();
                Measurement read = ClosedLoop.runAll(
                        store,
                        Kind.GET,
                        READERS,
                        () -> {
                            synchronized (rest) {
                                return rest.hasNext() ? rest.next() : null;
                            }
                        },
                        RECOVERY_TIMEOUT);
                lost = read.failures();
                if (lost == 0) {
                    break;
                }
                // a node that has only just come back may refuse a read, which is not a loss
                progress.accept(lost + " keys could not be read: " + read.failure());
            }
            return lost;
        }
    }
}
