package dev.kvstore.testkit.bench.store;

import dev.kvstore.testkit.load.KvClient;
import dev.kvstore.testkit.process.FreePorts;
import dev.kvstore.testkit.process.ManagedProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Three nodes of etcd on this machine, with the settings that it has by itself: every write is synced. */
public final class EtcdCluster implements AutoCloseable {
    private static final int NODES = 3;
    private static final Duration READY_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);

    private final List<URI> clientUrls = new ArrayList<>();
    private final List<ManagedProcess> processes = new ArrayList<>();

    private EtcdCluster() {}

    /**
     * The program, if this machine has it.
     *
     * @return its path
     */
    public static Optional<Path> program() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.of(path.split(":"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "etcd"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Starts three nodes and waits until each answers that it is healthy.
     *
     * @param program etcd
     * @param folder where data and logs go
     * @return the running cluster
     * @throws IOException when one cannot be started
     * @throws TimeoutException when one does not become healthy
     * @throws InterruptedException when the caller is interrupted
     */
    public static EtcdCluster start(Path program, Path folder)
            throws IOException, TimeoutException, InterruptedException {
        EtcdCluster cluster = new EtcdCluster();
        try {
            cluster.startAll(program, folder);
            cluster.awaitHealthy();
            return cluster;
        } catch (IOException | TimeoutException | InterruptedException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private void startAll(Path program, Path folder) throws IOException {
        Map<String, URI> peers = new LinkedHashMap<>();
        for (int i = 1; i <= NODES; i++) {
            peers.put("etcd" + i, local(FreePorts.one()));
        }
        String all = peers.entrySet().stream()
                .map(peer -> peer.getKey() + "=" + peer.getValue())
                .collect(Collectors.joining(","));
        for (Map.Entry<String, URI> peer : peers.entrySet()) {
            String name = peer.getKey();
            URI clients = local(FreePorts.one());
            clientUrls.add(clients);
            List<String> command = List.of(
                    program.toString(),
                    "--name=" + name,
                    "--data-dir=" + folder.resolve(name),
                    "--listen-client-urls=" + clients,
                    "--advertise-client-urls=" + clients,
                    "--listen-peer-urls=" + peer.getValue(),
                    "--initial-advertise-peer-urls=" + peer.getValue(),
                    "--initial-cluster=" + all,
                    "--initial-cluster-state=new");
            processes.add(ManagedProcess.start(name, command, Map.of(), folder, folder.resolve(name + ".log")));
        }
    }

    private void awaitHealthy() throws TimeoutException, InterruptedException {
        try (KvClient probe = new KvClient(PROBE_TIMEOUT)) {
            for (int i = 0; i < NODES; i++) {
                URI url = clientUrls.get(i);
                processes.get(i).awaitWhileAlive("health of " + url, READY_TIMEOUT, () -> isHealthy(probe, url));
            }
        }
    }

    private static boolean isHealthy(KvClient probe, URI url) throws InterruptedException {
        try {
            return probe.getPath(url, "/health").status() == 200;
        } catch (IOException _) {
            // it does not answer, so it is not healthy
            return false;
        }
    }

    private static URI local(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }

    /**
     * Where the nodes answer clients.
     *
     * @return their URLs
     */
    public List<URI> clientUrls() {
        return List.copyOf(clientUrls);
    }

    /**
     * The processes of the nodes.
     *
     * @return all of them
     */
    public List<ProcessHandle> processes() {
        return processes.stream()
                .map(process -> ProcessHandle.of(process.pid()).orElseThrow())
                .toList();
    }

    /** Kills all nodes. The folders stay. */
    @Override
    public void close() {
        processes.forEach(ManagedProcess::close);
    }
}
