package dev.kvstore.e2e;

import dev.kvstore.testkit.load.KvClient;
import dev.kvstore.testkit.process.LocalCluster;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cluster whose nodes are taken to the next version of the protocol one after the other. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@Order(Local.LONG)
class VersionsIT {
    private static final Duration WAIT = Duration.ofMinutes(3);
    private static final List<String> BEFORE = List.of("--protocol", "1");

    @TempDir
    private Path directory = Path.of("");

    @Test
    void nodesOfTwoVersionsServeReplicateAndRefillEachOther() throws Exception {
        try (LocalCluster cluster = Local.threeNodes(directory);
                KvClient http = new KvClient(Duration.ofSeconds(10))) {
            for (String name : cluster.names()) {
                cluster.start(name, BEFORE);
            }
            cluster.awaitReady(WAIT);
            cluster.awaitInSync(WAIT);
            Map<String, String> keys = new LinkedHashMap<>();
            write(http, cluster, keys, "all of the version before");

            for (String name : cluster.names()) {
                cluster.kill(name);
                if (name.equals("node2")) {
                    // filled from members of which one is newer and one older
                    cluster.wipe(name);
                }
                cluster.start(name);
                cluster.awaitReady(WAIT);
                cluster.awaitInSync(WAIT);
                write(http, cluster, keys, "after " + name + " is new");
            }

            // and one of them back
            cluster.kill("node1");
            cluster.start("node1", BEFORE);
            cluster.awaitReady(WAIT);
            cluster.awaitInSync(WAIT);
            write(http, cluster, keys, "after node1 is old again");
        }
    }

    /** Writes by every node and reads by every other one. */
    private static void write(KvClient http, LocalCluster cluster, Map<String, String> keys, String value)
            throws Exception {
        for (int i = 0; i < 30; i++) {
            Local.put(http, cluster.baseUrls().get(i % 3), "key" + i, value);
            keys.put("key" + i, value);
        }
        for (Map.Entry<String, String> each : keys.entrySet()) {
            for (URI node : cluster.baseUrls()) {
                Local.expect(http, node, each.getKey(), each.getValue());
            }
        }
    }
}
