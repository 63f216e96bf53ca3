package dev.kvstore.e2e.faults;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.kvstore.e2e.Local;
import dev.kvstore.testkit.fault.NodeNetwork;
import dev.kvstore.testkit.process.Host;
import dev.kvstore.testkit.process.LocalCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Members that do not hear each other, while clients and the coordination reach all of them. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@ResourceLock("node network")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NetworkFaultsIT {
    private static final long SEED = Long.getLong("kvstore.seed", 32);
    private static final List<String> NAMES = List.of("node1", "node2", "node3");

    /** Longer than the time after which a member counts as failed. */
    private static final int CUT_S = 4;

    private NodeNetwork network;
    private LocalCluster cluster;

    @BeforeAll
    void cable(@TempDir Path directory) throws Exception {
        network = network();
        Map<String, Host> hosts = new HashMap<>();
        NAMES.forEach(name -> hosts.put(name, network.host(name)));
        cluster = new LocalCluster(Local.settings(directory).withHosts(hosts));
    }

    private static NodeNetwork network() throws InterruptedException {
        try {
            return NodeNetwork.create(NAMES);
        } catch (IOException e) {
            return abort("needs networks of its own, that is root with ip and iptables: " + e.getMessage());
        }
    }

    @AfterAll
    @SuppressWarnings("NullAway") // both are missing when there is no network to be had
    void uncable() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
        if (network != null) {
            network.close();
        }
    }

    @Test
    void aNodeCutOffFromTheOthersIsReplacedAndComesBack() throws Exception {
        try (LoadedCluster loaded = LoadedCluster.start(cluster, "cut-off", SEED)) {
            String leader = Local.leader(cluster, "node1");
            List<String> others = new ArrayList<>(NAMES);
            others.remove(leader);
            for (String victim : List.of(leader, others.get(new Random(SEED).nextInt(2)))) {
                network.isolate(victim);
                List<String> majority = new ArrayList<>(NAMES);
                majority.remove(victim);
                loaded.expectService(majority, "without " + victim);
                TimeUnit.SECONDS.sleep(CUT_S);
                network.heal();
                cluster.awaitInSync(LoadedCluster.RECOVERY);
            }
            loaded.verify();
        }
    }

    @Test
    void twoNodesThatDoNotHearEachOtherDoNotContradictEachOther() throws Exception {
        Random random = new Random(SEED);
        try (LoadedCluster loaded = LoadedCluster.start(cluster, "pair", SEED)) {
            for (int round = 0; round < 3; round++) {
                String one = NAMES.get(random.nextInt(3));
                String other = other(one, random);
                network.cut(one, other);
                network.cut(other, one);
                TimeUnit.SECONDS.sleep(CUT_S);
                network.heal();
                TimeUnit.MILLISECONDS.sleep(random.nextInt(2_000));
            }
            loaded.verify();
        }
    }

    @Test
    void aNodeThatHearsAndIsNotHeardDoesNoHarm() throws Exception {
        Random random = new Random(SEED);
        try (LoadedCluster loaded = LoadedCluster.start(cluster, "one-way", SEED)) {
            for (int round = 0; round < 4; round++) {
                String mute = NAMES.get(random.nextInt(3));
                if (round % 2 == 0) {
                    // by everybody
                    for (String name : NAMES) {
                        if (!name.equals(mute)) {
                            network.mute(mute, name, cluster.port(name) + 10_000);
                        }
                    }
                } else {
                    String deaf = other(mute, random);
                    network.mute(mute, deaf, cluster.port(deaf) + 10_000);
                }
                TimeUnit.SECONDS.sleep(CUT_S);
                network.heal();
                TimeUnit.MILLISECONDS.sleep(random.nextInt(2_000));
            }
            loaded.verify();
        }
    }

    private static String other(String than, Random random) {
        List<String> others = new ArrayList<>(NAMES);
        others.remove(than);
        return others.get(random.nextInt(others.size()));
    }
}
