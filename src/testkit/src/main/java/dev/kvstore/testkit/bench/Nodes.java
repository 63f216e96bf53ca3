package dev.kvstore.testkit.bench;

import dev.kvstore.testkit.process.ClusterSettings;
import dev.kvstore.testkit.process.Host;
import dev.kvstore.testkit.process.LocalCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** Clusters of the project's own nodes, started as a user starts them. */
final class Nodes {
    static final List<String> NAMES = List.of("node1", "node2", "node3");
    static final int COUNT = NAMES.size();

    /** A cluster that is not ready by then will not become ready. */
    static final Duration READY_TIMEOUT = Duration.ofMinutes(2);

    private Nodes() {}

    /** Three nodes that do not run yet. */
    static LocalCluster prepare(Path folder, int replication) {
        return prepare(folder, replication, Map.of());
    }

    /** The same with nodes on these hosts. */
    static LocalCluster prepare(Path folder, int replication, Map<String, Host> hosts) {
        return new LocalCluster(settings(folder, replication, hosts));
    }

    /** What such a cluster is made of. */
    static ClusterSettings settings(Path folder, int replication, Map<String, Host> hosts) {
        String home = System.getenv("KVSTORE_HOME");
        if (home == null) {
            throw new IllegalStateException("KVSTORE_HOME does not say where the script kvstore stands");
        }
        return new ClusterSettings(
                List.of(Path.of(home, "kvstore").toString(), "node"),
                Path.of(home),
                folder,
                COUNT,
                List.of("--replication", Integer.toString(replication)),
                Map.of(),
                Map.of("KVSTORE_NO_BUILD", "1"),
                hosts);
    }

    /** Three nodes with all copies in sync. */
    static LocalCluster start(Path folder, int replication) throws IOException, TimeoutException, InterruptedException {
        return start(prepare(folder, replication));
    }

    /** Starts all nodes and waits until all copies are in sync. */
    static LocalCluster start(LocalCluster cluster) throws IOException, TimeoutException, InterruptedException {
        try {
            cluster.startAll();
            cluster.awaitReady(READY_TIMEOUT);
            cluster.awaitInSync(READY_TIMEOUT);
            return cluster;
        } catch (IOException | TimeoutException | InterruptedException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** The processes of the nodes that run. */
    static List<ProcessHandle> processes(LocalCluster cluster) {
        return cluster.running().stream()
                .map(name -> ProcessHandle.of(cluster.process(name).pid()).orElseThrow())
                .toList();
    }
}
