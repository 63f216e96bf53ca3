package dev.kvstore.testkit.bench;

import dev.kvstore.testkit.bench.report.Numbers;
import dev.kvstore.testkit.bench.report.Table;
import dev.kvstore.testkit.process.LocalCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** The memory of an idle node, and the time from start to ready. */
final class Footprint {
    /** What a start leaves behind has settled by then. */
    private static final Duration IDLE = Duration.ofSeconds(20);

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);
    private static final double KIB_PER_MIB = 1_024;
    private static final double NS_PER_S = 1e9;

    private final Plan plan;
    private final Consumer<String> progress;

    Footprint(Plan plan, Consumer<String> progress) {
        this.plan = plan;
        this.progress = progress;
    }

    /** Resident memory of each node of a running cluster that nobody uses. */
    static Table memory(LocalCluster cluster) throws IOException, InterruptedException {
        Thread.sleep(IDLE);
        List<List<String>> rows = new ArrayList<>();
        for (String node : cluster.running()) {
            rows.add(List.of(
                    node, Numbers.whole(residentKib(cluster.process(node).pid()) / KIB_PER_MIB)));
        }
        return new Table(
                "Memory of an idle, empty node " + IDLE.toSeconds() + " s after its start",
                List.of("node", "resident MiB"),
                rows);
    }

    private static long residentKib(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow(() -> new IOException("/proc does not tell the memory of process " + pid));
    }

    /** From the start of processes to their readiness: of a whole new cluster, and of a node that comes back. */
    Table start(Path folder) throws IOException, TimeoutException, InterruptedException {
        List<Double> first = new ArrayList<>();
        List<Double> again = new ArrayList<>();
        for (int round = 0; round < plan.rounds(); round++) {
            Path data = Files.createDirectories(folder.resolve("start" + round));
            try (LocalCluster cluster = Nodes.prepare(data, plan.replication())) {
                long begunNs = System.nanoTime();
                cluster.startAll();
                cluster.awaitReady(Nodes.READY_TIMEOUT);
                first.add((System.nanoTime() - begunNs) / NS_PER_S);
                cluster.awaitInSync(Nodes.READY_TIMEOUT);
                String node = cluster.running().getLast();
                cluster.stop(node, STOP_TIMEOUT);
                begunNs = System.nanoTime();
                cluster.start(node);
                cluster.awaitReady(Nodes.READY_TIMEOUT);
                again.add((System.nanoTime() - begunNs) / NS_PER_S);
                progress.accept("start " + (round + 1) + " of " + plan.rounds() + ": "
                        + Numbers.seconds(first.getLast()) + " s, again " + Numbers.seconds(again.getLast()) + " s");
            }
        }
        return new Table(
                "From start to ready (seconds), " + plan.rounds() + " times each",
                List.of("start", "median", "max"),
                List.of(row("three nodes at once, a new cluster", first), row("one node that comes back", again)));
    }

    private static List<String> row(String what, List<Double> seconds) {
        double max = seconds.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        return List.of(what, Numbers.seconds(Numbers.median(seconds)), Numbers.seconds(max));
    }
}
