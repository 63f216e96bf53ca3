package dev.kvstore.testkit.bench;

import dev.kvstore.testkit.bench.load.ClosedLoop;
import dev.kvstore.testkit.bench.load.Kind;
import dev.kvstore.testkit.bench.load.Measurement;
import dev.kvstore.testkit.bench.load.Store;
import dev.kvstore.testkit.bench.report.Numbers;
import dev.kvstore.testkit.bench.report.Table;
import dev.kvstore.testkit.bench.store.HttpStore;
import dev.kvstore.testkit.process.LocalCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** How long a node whose disk was wiped takes to have all of its copies again. */
final class Refill {
    private static final int VALUE_BYTES = 10 << 10;
    private static final int MIB = 1 << 20;
    private static final Duration TIMEOUT = Duration.ofHours(1);
    private static final Duration REQUEST_TIMEOUT = Duration.ofMinutes(1);
    private static final double NS_PER_S = 1e9;

    private Refill() {}

    /** For a cluster in which every node has every key. */
    static Table run(Plan plan, LocalCluster cluster, Consumer<String> progress)
            throws IOException, TimeoutException, InterruptedException {
        int keys = Math.toIntExact((long) plan.refillMib() * MIB / VALUE_BYTES);
        try (Store store = HttpStore.kvstore(
                "kvstore",
                cluster.baseUrls(),
                plan.connections(),
                VALUE_BYTES,
                REQUEST_TIMEOUT,
                Nodes.processes(cluster))) {
            AtomicInteger next = new AtomicInteger();
            Measurement filled = ClosedLoop.runAll(
                    store,
                    Kind.PUT,
                    plan.connections(),
                    () -> {
                        int key = next.getAndIncrement();
                        return key < keys ? "refill-" + key : null;
                    },
                    TIMEOUT);
            if (filled.failures() > 0) {
                throw new IllegalStateException(
                        filled.failures() + " writes failed while the store was filled: " + filled.failure());
            }
            progress.accept("filled with " + plan.refillMib() + " MiB in " + Numbers.seconds(filled.seconds()) + " s");
        }
        String node = cluster.running().getLast();
        cluster.kill(node);
        cluster.wipe(node);
        // else the copies of before would be taken for those of after
        Status.awaitLoss(cluster, cluster.running().getFirst());
        long begunNs = System.nanoTime();
        cluster.start(node);
        cluster.awaitReady(Nodes.READY_TIMEOUT);
        double ready = (System.nanoTime() - begunNs) / NS_PER_S;
        cluster.awaitInSync(TIMEOUT);
        double seconds = (System.nanoTime() - begunNs) / NS_PER_S;
        progress.accept("refilled in " + Numbers.seconds(seconds) + " s");
        return new Table(
                "Refill of a wiped node, from its start until every copy is in sync, values of " + VALUE_BYTES
                        + " bytes",
                List.of("MiB", "ready after s", "in sync after s", "MiB/s"),
                List.of(List.of(
                        Numbers.whole(plan.refillMib()),
                        Numbers.seconds(ready),
                        Numbers.seconds(seconds),
                        Numbers.whole(plan.refillMib() / seconds))));
    }
}
