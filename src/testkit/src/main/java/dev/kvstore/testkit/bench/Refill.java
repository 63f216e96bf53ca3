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
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** How long a node whose disk was wiped takes to have all of its copies again. */
final class Refill {
    private static final int VALUE_BYTES = 10 << 10;
    private static final int MIB = 1 << 20;
    private static final int FILL_CONNECTIONS = 16;
    private static final int FILL_PASSES = 5;
    private static final Duration TIMEOUT = Duration.ofHours(1);
    private static final Duration REQUEST_TIMEOUT = Duration.ofMinutes(1);
    private static final double NS_PER_S = 1e9;

    private Refill() {}

    /** For a cluster in which every node has every key, with its data in this folder. */
    static Table run(Plan plan, LocalCluster cluster, Path folder, Consumer<String> progress)
            throws IOException, TimeoutException, InterruptedException {
        int keys = Math.toIntExact((long) plan.refillMib() * MIB / VALUE_BYTES);
        try (Store store = HttpStore.kvstore(
                "kvstore",
                cluster.baseUrls(),
                FILL_CONNECTIONS,
                VALUE_BYTES,
                REQUEST_TIMEOUT,
                Nodes.processes(cluster))) {
            fill(store, keys);
        }
        progress.accept("filled with " + plan.refillMib() + " MiB");
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
        double diskSeconds = Machine.writeSeconds(folder, plan.refillMib());
        return new Table(
                "Refill of a wiped node, from its start until every copy is in sync, values of " + VALUE_BYTES
                        + " bytes",
                List.of("MiB", "ready after s", "in sync after s", "MiB/s", "disk alone MiB/s", "of the disk's"),
                List.of(List.of(
                        Numbers.whole(plan.refillMib()),
                        Numbers.seconds(ready),
                        Numbers.seconds(seconds),
                        Numbers.whole(plan.refillMib() / seconds),
                        Numbers.whole(plan.refillMib() / diskSeconds),
                        Numbers.times(diskSeconds / seconds))));
    }

    /** Writes as many keys; one whose write fails, perhaps since the machine is busy, is written again. */
    private static void fill(Store store, int keys) throws TimeoutException, InterruptedException {
        int missing = keys;
        for (int pass = 0; missing > 0; pass++) {
            if (pass == FILL_PASSES) {
                throw new IllegalStateException(missing + " keys could not be written in " + pass + " passes");
            }
            String prefix = "refill-" + pass + "-";
            int last = missing;
            AtomicInteger next = new AtomicInteger();
            Measurement filled = ClosedLoop.runAll(
                    store,
                    Kind.PUT,
                    FILL_CONNECTIONS,
                    () -> {
                        int key = next.getAndIncrement();
                        return key < last ? prefix + key : null;
                    },
                    TIMEOUT);
            missing = Math.toIntExact(filled.failures());
        }
    }
}
