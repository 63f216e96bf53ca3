package dev.kvstore.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.kvstore.e2e.Local;
import dev.kvstore.testkit.fault.FileDamage;
import dev.kvstore.testkit.fault.SmallDisk;
import dev.kvstore.testkit.history.Operation;
import dev.kvstore.testkit.history.Outcome;
import dev.kvstore.testkit.load.KvClient;
import dev.kvstore.testkit.load.Reply;
import dev.kvstore.testkit.process.Await;
import dev.kvstore.testkit.process.LocalCluster;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Disks that are full, and files that are not what they were. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Order(Local.LONG)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DiskFaultsIT {
    private static final long SEED = Long.getLong("kvstore.seed", 33);
    private static final Duration END = Duration.ofMinutes(2);
    private static final long DISK_BYTES = 320L << 20;
    private static final int REFUSED = 3;

    private final List<SmallDisk> disks = new ArrayList<>();
    private LocalCluster cluster;

    @BeforeAll
    void make(@TempDir Path directory) throws Exception {
        cluster = Local.threeNodes(directory);
        for (String node : cluster.names()) {
            SmallDisk.mount(cluster.dataDirectory(node), DISK_BYTES).ifPresent(disks::add);
        }
    }

    @AfterAll
    void close() throws Exception {
        cluster.close();
        for (SmallDisk disk : disks) {
            disk.close();
        }
    }

    @Test
    void fullDisksRefuseWritesAndServeReadsUntilThereIsRoom() throws Exception {
        assumeThat(disks).as("needs root, to mount small disks").hasSize(3);
        try (LoadedCluster loaded = LoadedCluster.start(cluster, "full", SEED)) {
            oneDiskFull(loaded, disks.get(1));
            theOnlyCopiesOnAFullDisk(loaded, disks.get(1));
            allDisksFull(loaded, disks);
            loaded.verify();
        }
    }

    private static void oneDiskFull(LoadedCluster loaded, SmallDisk disk) throws Exception {
        disk.fill(30L << 20);
        loaded.awaitRing("node1", "node2 counts nowhere", ring -> LoadedCluster.isOutOfSync(ring, "node2"));
        loaded.expectService(List.copyOf(loaded.cluster().names()), "with the disk of node2 full");
        assertThat(metric(loaded, "node2", "kvstore_storage_refusing")).isEqualTo(1);
        disk.empty();
        loaded.cluster().awaitInSync(LoadedCluster.RECOVERY);
        assertThat(metric(loaded, "node2", "kvstore_storage_refusing")).isZero();
        assertThat(Files.readString(loaded.cluster().logFile("node2")))
                .containsSubsequence("kvstore.limits.min-free-disk-bytes", "writes of clients are taken again");
    }

    /** What node2 alone has while node3 is away goes on as soon as node3 is back, though node2's disk is still full. */
    private static void theOnlyCopiesOnAFullDisk(LoadedCluster loaded, SmallDisk disk) throws Exception {
        loaded.cluster().kill("node3");
        loaded.awaitRing("node1", "node3 counts nowhere", ring -> LoadedCluster.isOutOfSync(ring, "node3"));
        disk.fill(30L << 20);
        await("node2 refuses writes", () -> metricOrZero(loaded, "node2", "kvstore_storage_refusing") == 1);
        loaded.cluster().start("node3");
        loaded.awaitRing("node1", "node2 counts nowhere", ring -> LoadedCluster.isOutOfSync(ring, "node2"));
        loaded.expectService(List.copyOf(loaded.cluster().names()), "with what only the full disk had");
        disk.empty();
        loaded.cluster().awaitInSync(LoadedCluster.RECOVERY);
    }

    private static void allDisksFull(LoadedCluster loaded, List<SmallDisk> disks) throws Exception {
        KvClient http = loaded.http();
        URI node1 = loaded.cluster().baseUrl("node1");
        Local.put(http, node1, "before", "kept");
        for (SmallDisk disk : disks) {
            disk.fill(30L << 20);
        }
        await("a write is refused", () -> refused(http.execute(node1, Operation.put("probe0", "x")), "507 disk-full"));
        for (String node : loaded.cluster().names()) {
            Local.expect(http, loaded.cluster().baseUrl(node), "before", "kept");
        }
        // to the last byte: what is under way cannot be written any more either
        for (SmallDisk disk : disks) {
            disk.fill(0);
        }
        TimeUnit.SECONDS.sleep(3);
        for (String node : loaded.cluster().names()) {
            Local.expect(http, loaded.cluster().baseUrl(node), "before", "kept");
            assertThat(loaded.cluster().process(node).isAlive()).isTrue();
        }
        for (SmallDisk disk : disks) {
            disk.empty();
        }
        loaded.cluster().awaitInSync(LoadedCluster.RECOVERY);
    }

    private static boolean refused(Outcome outcome, String reason) {
        return outcome instanceof Outcome.Refused refused && refused.reason().equals(reason);
    }

    @Test
    void aDamagedStoreIsRefusedByNameAndFilledAgainWhenTold() throws Exception {
        Random random = new Random(SEED);
        try (LoadedCluster loaded = LoadedCluster.start(cluster, "damaged", SEED)) {
            for (String kind : List.of("MANIFEST-", "CURRENT", ".log", "SYNCED")) {
                String victim = List.copyOf(cluster.names()).get(random.nextInt(3));
                TimeUnit.SECONDS.sleep(1);
                cluster.kill(victim);
                Path file = largest(cluster.dataDirectory(victim), kind);
                FileDamage damage = kind.equals(".log")
                        ? new FileDamage.FlippedBit(file, Files.size(file) * 2)
                        : new FileDamage.Truncated(file, kind.equals("SYNCED") ? 0 : Files.size(file) / 2);
                damage.inflict();

                cluster.start(victim);
                assertThat(cluster.process(victim).awaitExit(END))
                        .as("%s", damage)
                        .isEqualTo(REFUSED);
                assertThat(cluster.process(victim).tail())
                        .as("%s", damage)
                        .contains(
                                "the store in " + cluster.dataDirectory(victim).toRealPath(), kind, "--refill");

                cluster.start(victim, List.of("--refill"));
                cluster.awaitReady(LoadedCluster.RECOVERY);
                cluster.awaitInSync(LoadedCluster.RECOVERY);
            }
            loaded.verify();
        }
    }

    @Test
    void aFlippedBitThatAReadMeetsIsNeverServedAndTheNodeSaysSo() throws Exception {
        try (LoadedCluster loaded = LoadedCluster.start(cluster, "flipped", SEED)) {
            KvClient http = loaded.http();
            List<String> values = bigValues(new Random(SEED));
            for (int i = 0; i < values.size(); i++) {
                Local.put(http, cluster.baseUrl("node1"), "big" + i, values.get(i));
            }
            // a start puts what is in the write-ahead log into table files
            cluster.kill("node2");
            cluster.start("node2");
            cluster.awaitReady(LoadedCluster.RECOVERY);
            cluster.awaitInSync(LoadedCluster.RECOVERY);
            cluster.kill("node2");
            assertThat(flipValues(cluster.dataDirectory("node2"), values)).isPositive();

            cluster.start("node2");
            await("node2 has met the damage", () -> {
                for (int i = 0; i < values.size(); i++) {
                    readAsItIs(http, cluster.baseUrl("node2"), "big" + i, values.get(i));
                }
                return metricOrZero(loaded, "node2", "kvstore_storage_failed") == 1;
            });
            Reply health = http.getPath(cluster.baseUrl("node2"), "/q/health");
            assertThat(health.status()).isEqualTo(503);
            assertThat(health.body().name()).contains("is damaged", ".sst", "--refill");
            loaded.awaitRing("node1", "node2 counts nowhere", ring -> LoadedCluster.isOutOfSync(ring, "node2"));
            loaded.expectService(List.of("node1", "node3"), "without node2");

            // it was seen once, and is not forgotten
            cluster.kill("node2");
            cluster.start("node2");
            assertThat(cluster.process("node2").awaitExit(END)).isEqualTo(REFUSED);
            assertThat(cluster.process("node2").tail()).contains("was found damaged", ".sst", "--refill");
            cluster.start("node2", List.of("--refill"));
            loaded.verify();
            for (int i = 0; i < values.size(); i++) {
                Local.expect(http, cluster.baseUrl("node2"), "big" + i, values.get(i));
            }
        }
    }

    @Test
    void theLastCopyIsNotThrownAway(@TempDir Path directory) throws Exception {
        try (LocalCluster alone = new LocalCluster(Local.settings(directory).withOptions("--replication", "1"));
                KvClient http = new KvClient(END)) {
            alone.startAll();
            alone.awaitReady(LoadedCluster.RECOVERY);
            alone.awaitInSync(LoadedCluster.RECOVERY);
            Local.put(http, alone.baseUrl("node1"), "only", "copy");
            for (String node : alone.names()) {
                alone.kill(node);
                alone.start(node, List.of("--refill"));
                assertThat(alone.process(node).awaitExit(END)).isEqualTo(REFUSED);
                assertThat(alone.process(node).tail()).contains("last up-to-date copy", "nothing was thrown away");
                alone.start(node);
            }
            alone.awaitReady(LoadedCluster.RECOVERY);
            Local.expect(http, alone.baseUrl("node1"), "only", "copy");
        }
    }

    /** Whatever a replica answers: if it is a value, it is the right one. */
    private static void readAsItIs(KvClient http, URI node, String key, String value) {
        if (http.execute(node, Operation.staleGet(key)) instanceof Outcome.Value found) {
            assertThat(found.value()).isEqualTo(value);
        }
    }

    /** They do not shrink by compression, so that they are found in the files as they are. */
    private static List<String> bigValues(Random random) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            byte[] bytes = new byte[1_500];
            random.nextBytes(bytes);
            values.add(Base64.getEncoder().encodeToString(bytes));
        }
        return values;
    }

    /** Flips a bit in each value in the table files of the state; those of the log are left. */
    private static int flipValues(Path data, List<String> values) throws IOException {
        int flipped = 0;
        for (Path table : files(data, ".sst")) {
            String content = Files.readString(table, StandardCharsets.ISO_8859_1);
            if (content.contains("column.family.log") || content.contains("namelog")) {
                continue;
            }
            for (String value : values) {
                int at = content.indexOf(value.substring(200, 230));
                if (at >= 0) {
                    new FileDamage.FlippedBit(table, at * 8L).inflict();
                    flipped++;
                }
            }
        }
        return flipped;
    }

    private static Path largest(Path data, String kind) throws IOException {
        Path largest = null;
        for (Path file : files(data, kind)) {
            if (largest == null || Files.size(file) > Files.size(largest)) {
                largest = file;
            }
        }
        assertThat(largest).as("a file %s in %s", kind, data).isNotNull();
        return largest;
    }

    private static List<Path> files(Path data, String part) throws IOException {
        try (Stream<Path> all = Files.list(data.resolve("store"))) {
            return all.filter(file -> file.getFileName().toString().contains(part))
                    .sorted()
                    .toList();
        }
    }

    private static void await(String what, Await.Check check) throws TimeoutException, InterruptedException {
        Await.until(what, LoadedCluster.RECOVERY, check, () -> "");
    }

    private static double metricOrZero(LoadedCluster loaded, String node, String name) throws InterruptedException {
        try {
            return metric(loaded, node, name);
        } catch (IOException notThereYet) {
            return 0;
        }
    }

    private static double metric(LoadedCluster loaded, String node, String name)
            throws IOException, InterruptedException {
        return Metrics.read(loaded.http(), loaded.cluster().baseUrl(node), name);
    }
}
