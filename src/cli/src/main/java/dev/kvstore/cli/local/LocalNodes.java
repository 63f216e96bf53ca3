package dev.kvstore.cli.local;

import dev.kvstore.cli.output.Failure;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The processes of a cluster on this machine. They outlive the command that starts them. */
public final class LocalNodes {
    private static final Duration KILL_WAIT = Duration.ofSeconds(10);

    private final Settings settings;
    private final DataFolder folder;
    private final LocalCluster cluster;

    /** The nodes of {@code cluster}, which lives in {@code folder}. */
    public LocalNodes(Settings settings, DataFolder folder, LocalCluster cluster) {
        this.settings = settings;
        this.folder = folder;
        this.cluster = cluster;
    }

    /** The cluster's settings. */
    public LocalCluster cluster() {
        return cluster;
    }

    /** The folder of the cluster. */
    public DataFolder folder() {
        return folder;
    }

    /** The process of a node, if it runs and was started from here. */
    public Optional<NodeProcess> process(LocalNode node) {
        return folder.run(node.name()).flatMap(run -> NodeProcess.find(run, folder.nodeData(node.name())));
    }

    /** The nodes that do not run. */
    public List<LocalNode> missing() {
        return cluster.nodes().stream().filter(node -> process(node).isEmpty()).toList();
    }

    /**
     * Starts those of these nodes that do not run, after a look at all their ports, and remembers the cluster's settings.
     *
     * @return those that it started
     * @throws Failure when the program is not built, a port is taken, or a process cannot be started
     */
    public List<LocalNode> start(List<LocalNode> nodes) throws InterruptedException {
        return start(nodes, false);
    }

    /** The same; with {@code refill} a node that is started throws its data away and is filled from the others. */
    public List<LocalNode> start(List<LocalNode> nodes, boolean refill) throws InterruptedException {
        try (FolderLock lock = FolderLock.take(folder)) {
            List<LocalNode> missing =
                    nodes.stream().filter(node -> process(node).isEmpty()).toList();
            if (!missing.isEmpty()) {
                requireProgram();
                Ports.requireFree(missing, folder.cluster().isPresent());
            }
            if (!folder.cluster().equals(Optional.of(cluster))) {
                folder.save(cluster);
            }
            for (LocalNode node : missing) {
                launch(node, refill);
            }
            return missing;
        }
    }

    private void requireProgram() {
        if (!Files.exists(settings.nodeProgram())) {
            throw Failure.unable(
                    "The node's program is not built: %s is missing. Build it with: ./mvnw package -DskipTests"
                            .formatted(settings.nodeProgram()));
        }
    }

    private void launch(LocalNode node, boolean refill) {
        LogFile log = folder.log(node.name());
        try {
            log.rotate();
            Process process = new ProcessBuilder(NodeCommandLine.of(settings, folder, cluster, node, refill))
                    // a crashing JVM leaves its report in its working folder
                    .directory(folder.logs().toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.path().toFile()))
                    .start();
            NodeProcess started = NodeProcess.of(process);
            folder.save(new RunFile(node.name(), started.pid(), started.startedMs(), node.port()));
        } catch (IOException e) {
            throw Failure.unable("%s could not be started: %s".formatted(node.name(), e.getMessage()), e);
        }
    }

    /**
     * Asks nodes to end, all at once, and waits for them.
     *
     * @return those that still run after that time
     */
    public List<LocalNode> stop(List<LocalNode> nodes, Duration wait) throws InterruptedException {
        return end(nodes, NodeProcess::terminate, wait);
    }

    /**
     * Ends nodes at once, as a power cut would (SIGKILL).
     *
     * @return those that still run, which only a broken system leaves
     */
    public List<LocalNode> kill(List<LocalNode> nodes) throws InterruptedException {
        return end(nodes, NodeProcess::kill, KILL_WAIT);
    }

    private List<LocalNode> end(List<LocalNode> nodes, Consumer<NodeProcess> how, Duration wait)
            throws InterruptedException {
        Map<LocalNode, NodeProcess> running = new LinkedHashMap<>();
        nodes.forEach(node -> process(node).ifPresent(process -> running.put(node, process)));
        running.values().forEach(how);
        long endNs = System.nanoTime() + wait.toNanos();
        List<LocalNode> left = new ArrayList<>();
        for (Map.Entry<LocalNode, NodeProcess> entry : running.entrySet()) {
            if (entry.getValue().awaitEnd(Duration.ofNanos(endNs - System.nanoTime()))) {
                forget(entry.getKey(), entry.getValue());
            } else {
                left.add(entry.getKey());
            }
        }
        return left;
    }

    /** Another command may have started the node again meanwhile, and the file be about that process. */
    private void forget(LocalNode node, NodeProcess ended) throws InterruptedException {
        try (FolderLock lock = FolderLock.take(folder)) {
            if (folder.run(node.name()).filter(run -> run.pid() == ended.pid()).isPresent()) {
                folder.forgetRun(node.name());
            }
        }
    }
}
