package dev.kvstore.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.e2e.Local;
import dev.kvstore.testkit.fault.FileDamage;
import dev.kvstore.testkit.fault.NodeNetwork;
import dev.kvstore.testkit.fault.SmallDisk;
import dev.kvstore.testkit.process.Host;
import dev.kvstore.testkit.process.LocalCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Every kind of fault in the order that a seed gives, as long as one likes: {@code ./kvstore faults --minutes 60 --seed 7}. The
 * load comes in rounds, each with keys and a history of its own, since a history of hours could not be checked.
 */
@Timeout(value = 13, unit = TimeUnit.HOURS)
@ResourceLock("node network")
class RandomFaultsIT {
    private static final double MINUTES = Double.parseDouble(System.getProperty("kvstore.faults.minutes", "0.7"));
    private static final long SEED = Long.parseLong(System.getProperty("kvstore.faults.seed", "5"));
    private static final Duration ROUND = Duration.ofMinutes(2);
    private static final Duration END = Duration.ofMinutes(3);
    private static final long DISK_BYTES = 512L << 20;
    private static final List<String> NAMES = List.of("node1", "node2", "node3");

    @TempDir
    private Path directory = Path.of("");

    private final Random random = new Random(SEED);
    private final Map<String, SmallDisk> disks = new HashMap<>();
    private @Nullable NodeNetwork network;
    private long beganNs;

    /** What is done to the cluster. Whatever it does is undone when it returns. */
    private enum Fault {
        KILL,
        KILL_ALL,
        FREEZE,
        ISOLATE,
        CUT_PAIR,
        MUTE,
        WIPE,
        DAMAGE,
        FILL_DISK
    }

    @Test
    void anyOrderOfFaultsLeavesALinearizableStore() throws Exception {
        System.out.println("faults: seed " + SEED + ", " + MINUTES + " minutes");
        List<Fault> faults = new ArrayList<>(List.of(Fault.values()));
        try {
            prepare(faults);
            Map<String, Host> hosts = new HashMap<>();
            if (network != null) {
                NAMES.forEach(name -> hosts.put(name, network.host(name)));
            }
            try (LocalCluster cluster =
                    new LocalCluster(Local.settings(directory).withHosts(hosts))) {
                cluster.startAll();
                cluster.awaitReady(LoadedCluster.RECOVERY);
                beganNs = System.nanoTime();
                for (int round = 0; round == 0 || leftNs() > 0; round++) {
                    round(cluster, round, faults);
                }
            }
        } finally {
            if (network != null) {
                network.close();
            }
            for (SmallDisk disk : disks.values()) {
                disk.close();
            }
        }
    }

    private void prepare(List<Fault> faults) throws Exception {
        try {
            network = NodeNetwork.create(NAMES);
        } catch (IOException e) {
            System.out.println("faults: without cuts, which need root with ip and iptables: " + e.getMessage());
            faults.removeAll(List.of(Fault.ISOLATE, Fault.CUT_PAIR, Fault.MUTE));
        }
        for (String name : NAMES) {
            SmallDisk.mount(directory.resolve(name), DISK_BYTES).ifPresent(disk -> disks.put(name, disk));
        }
        if (disks.size() < NAMES.size()) {
            System.out.println("faults: without full disks, which need root to mount small ones");
            faults.remove(Fault.FILL_DISK);
        }
    }

    private long leftNs() {
        return (long) (MINUTES * TimeUnit.MINUTES.toNanos(1)) - (System.nanoTime() - beganNs);
    }

    private void round(LocalCluster cluster, int round, List<Fault> faults) throws Exception {
        try (LoadedCluster loaded = LoadedCluster.start(
                cluster, "faults-" + round, SEED + round, ROUND.multipliedBy(3), Duration.ofMillis(20))) {
            long endNs = System.nanoTime() + Math.min(ROUND.toNanos(), leftNs());
            do {
                Fault fault = faults.get(random.nextInt(faults.size()));
                String victim = NAMES.get(random.nextInt(NAMES.size()));
                System.out.printf("%6.1f s  %s %s%n", (System.nanoTime() - beganNs) / 1e9, fault, victim);
                inflict(fault, victim, cluster);
                cluster.awaitReady(LoadedCluster.RECOVERY);
                cluster.awaitInSync(LoadedCluster.RECOVERY);
            } while (System.nanoTime() < endNs);
            loaded.verify();
        }
    }

    private void inflict(Fault fault, String victim, LocalCluster cluster) throws Exception {
        switch (fault) {
            case KILL -> {
                cluster.kill(victim);
                pause(4_000);
                cluster.start(victim);
            }
            case KILL_ALL -> {
                for (String name : NAMES) {
                    cluster.kill(name);
                    pause(200);
                }
                cluster.startAll();
            }
            case FREEZE -> {
                cluster.freeze(victim);
                pause(10_000);
                cluster.thaw(victim);
            }
            case ISOLATE, CUT_PAIR, MUTE -> {
                cut(fault, victim, cluster);
                pause(8_000);
                network().heal();
            }
            case WIPE -> {
                cluster.kill(victim);
                wipeStore(cluster.dataDirectory(victim));
                pause(3_000);
                cluster.start(victim);
            }
            case DAMAGE -> damage(victim, cluster);
            case FILL_DISK -> {
                SmallDisk disk = disks.get(victim);
                assertThat(disk).isNotNull();
                disk.fill(random.nextBoolean() ? 0 : 30L << 20);
                pause(8_000);
                disk.empty();
            }
        }
    }

    private void cut(Fault fault, String victim, LocalCluster cluster) throws Exception {
        List<String> others = new ArrayList<>(NAMES);
        others.remove(victim);
        String other = others.get(random.nextInt(others.size()));
        if (fault == Fault.ISOLATE) {
            network().isolate(victim);
        } else if (fault == Fault.CUT_PAIR) {
            network().cut(victim, other);
            network().cut(other, victim);
        } else {
            network().mute(victim, other, cluster.port(other) + 10_000);
        }
    }

    private NodeNetwork network() {
        if (network == null) {
            throw new IllegalStateException("no network to cut");
        }
        return network;
    }

    /**
     * The node refuses what is damaged, at once or when it meets it, or the damage is where it does no harm. In the end it is
     * told to refill in any case: what it has not met yet would else be a second fault beside a later one.
     */
    private void damage(String victim, LocalCluster cluster) throws Exception {
        cluster.kill(victim);
        FileDamage damage;
        try (Stream<Path> files = Files.list(cluster.dataDirectory(victim).resolve("store"))) {
            damage = FileDamage.random(files.sorted().toList(), random);
        }
        System.out.println("          " + damage);
        damage.inflict();
        cluster.start(victim);
        try {
            cluster.awaitReady(END);
            pause(5_000);
        } catch (IllegalStateException | TimeoutException refused) {
            assertThat(refused).hasMessageContaining("--refill");
        }
        cluster.kill(victim);
        cluster.start(victim, List.of("--refill"));
    }

    private static void wipeStore(Path data) throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("store"))) {
            for (Path each : files.toList()) {
                Files.delete(each);
            }
        }
    }

    private void pause(int mostMs) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(mostMs));
    }
}
