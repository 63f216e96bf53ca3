package dev.kvstore.e2e.scaling;

import dev.kvstore.e2e.FilledKeys;
import dev.kvstore.e2e.Local;
import dev.kvstore.e2e.SteadyLoad;
import dev.kvstore.testkit.fault.NodeNetwork;
import dev.kvstore.testkit.process.Await;
import dev.kvstore.testkit.process.Host;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Orders of which a seed chooses, and faults in their midst: {@code -Dkvstore.orders.rounds=10 -Dkvstore.orders.seed=4}. After each the
 * cluster must be as ordered, with every key, and what its clients saw must be the history of one linearizable store.
 */
@Tag("under-load")
@Timeout(value = 3, unit = TimeUnit.HOURS)
@ResourceLock("node network")
class RandomOrdersIT {
    private static final int ROUNDS = Integer.getInteger("kvstore.orders.rounds", 10);
    private static final long SEED = Long.getLong("kvstore.orders.seed", 4);
    private static final FilledKeys KEYS = new FilledKeys("filled-", 5_000);
    private static final List<String> MORE = List.of("node4", "node5");
    private static final String LEAVE = "{\"members\": {\"node4\": null, \"node5\": null}}";
    private static final String STAY = "{\"members\": {\"node4\": \"\", \"node5\": \"\"}}";

    @TempDir
    private Path directory = Path.of("");

    private final Random random = new Random(SEED);
    private List<String> members = ScaledCluster.FIRST;
    private int copies = 2;
    private @Nullable NodeNetwork network;
    private ScaledCluster cluster;

    /** What is asked of the cluster. */
    private enum Order {
        GROW,
        SHRINK,
        SHRINK_TAKEN_BACK,
        MORE_COPIES,
        FEWER_COPIES
    }

    /** What befalls one node meanwhile. It is undone before the next round, and mostly before the order is done. */
    private enum Fault {
        NONE,
        KILL,
        STOP,
        FREEZE,
        ISOLATE
    }

    @BeforeEach
    void start() throws Exception {
        Map<String, Host> hosts = new HashMap<>();
        try {
            NodeNetwork made = NodeNetwork.create(ScaledCluster.ALL);
            network = made;
            ScaledCluster.ALL.forEach(name -> hosts.put(name, made.host(name)));
        } catch (IOException e) {
            System.out.println("orders: without cuts, which need root with ip and iptables: " + e.getMessage());
        }
        cluster = ScaledCluster.start(directory, hosts);
        cluster.fill(KEYS);
    }

    @AfterEach
    @SuppressWarnings("NullAway") // it is missing when it could not be started
    void close() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
        if (network != null) {
            network.close();
        }
    }

    @Test
    void anyOrderAmidAnyFaultIsFollowedInTheEnd() throws Exception {
        System.out.println("orders: seed " + SEED + ", " + ROUNDS + " rounds");
        for (int round = 1; round <= ROUNDS; round++) {
            Order order = oneOf(possible());
            Fault fault = oneOf(faults());
            String victim = oneOf(members);
            boolean leader = random.nextInt(3) == 0;
            int afterMs = random.nextInt(6_000);
            int forMs = random.nextInt(8_000);
            if (leader) {
                victim = Local.leader(cluster.nodes(), "node1");
            }
            System.out.printf(
                    "round %d: %s; after %d ms %s %s%s, for %d ms%n",
                    round, order, afterMs, fault, victim, leader ? ", which leads" : "", forMs);
            long startNs = System.nanoTime();
            try (SteadyLoad load = SteadyLoad.start("orders-" + round, urls())) {
                give(order);
                TimeUnit.MILLISECONDS.sleep(afterMs);
                inflict(fault, victim, forMs);
                if (order == Order.SHRINK_TAKEN_BACK) {
                    order(STAY);
                }
                cluster.awaitSettled(members);
                if (order == Order.SHRINK) {
                    for (String name : MORE) {
                        cluster.stop(name);
                    }
                }
                System.out.printf("round %d: as ordered after %.1f s%n", round, (System.nanoTime() - startNs) / 1e9);
                load.stopAndCheck();
            }
            cluster.verify(KEYS, members);
        }
    }

    private List<Order> possible() {
        List<Order> orders = new ArrayList<>();
        orders.add(copies == 2 ? Order.MORE_COPIES : Order.FEWER_COPIES);
        if (members.equals(ScaledCluster.FIRST)) {
            orders.add(Order.GROW);
        } else {
            orders.addAll(List.of(Order.SHRINK, Order.SHRINK_TAKEN_BACK));
        }
        return orders;
    }

    private List<Fault> faults() {
        List<Fault> faults = new ArrayList<>(List.of(Fault.values()));
        if (network == null) {
            faults.remove(Fault.ISOLATE);
        }
        return faults;
    }

    private <T> T oneOf(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    /** Gives an order, and notes what must be in the end. */
    private void give(Order order) throws Exception {
        switch (order) {
            case GROW -> {
                for (String name : MORE) {
                    cluster.nodes().start(name);
                }
                // those that were in it before do not ask by themselves
                order(STAY);
                members = ScaledCluster.ALL;
            }
            case SHRINK -> {
                order(LEAVE);
                members = ScaledCluster.FIRST;
            }
            case SHRINK_TAKEN_BACK -> order(LEAVE);
            case MORE_COPIES, FEWER_COPIES -> {
                copies = order == Order.MORE_COPIES ? 3 : 2;
                order("{\"replicationFactor\": " + copies + "}");
            }
        }
    }

    /** A cluster that is about to replace its leader says so, and is asked again. */
    private void order(String patch) throws Exception {
        int[] last = {0};
        Await.until(
                patch + " taken",
                ScaledCluster.PATIENCE,
                () -> {
                    try {
                        last[0] = cluster.order(patch);
                    } catch (IOException e) {
                        last[0] = -1;
                    }
                    return last[0] == 200;
                },
                () -> last[0] < 0 ? "no answer" : "status " + last[0]);
    }

    private void inflict(Fault fault, String victim, int forMs) throws Exception {
        switch (fault) {
            case NONE -> {}
            case KILL -> {
                cluster.nodes().kill(victim);
                TimeUnit.MILLISECONDS.sleep(forMs);
                startAgain(victim);
            }
            case STOP -> {
                cluster.stop(victim);
                TimeUnit.MILLISECONDS.sleep(forMs);
                startAgain(victim);
            }
            case FREEZE -> {
                cluster.nodes().freeze(victim);
                TimeUnit.MILLISECONDS.sleep(forMs);
                cluster.nodes().thaw(victim);
            }
            case ISOLATE -> {
                if (network == null) {
                    throw new IllegalStateException("no network to cut");
                }
                network.isolate(victim);
                TimeUnit.MILLISECONDS.sleep(forMs);
                network.heal();
            }
        }
    }

    /** One that is to leave is never ready again once it has left. */
    private void startAgain(String victim) throws Exception {
        if (members.contains(victim)) {
            cluster.join(List.of(victim));
        } else {
            cluster.nodes().start(victim);
        }
    }

    private List<URI> urls() {
        return ScaledCluster.FIRST.stream().map(cluster::url).toList();
    }
}
