package dev.kvstore.cli.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kvstore.cli.client.ClientException;
import dev.kvstore.cli.client.KvClient;
import dev.kvstore.cli.client.NodeHttp;
import dev.kvstore.cli.model.ClusterStatus;
import dev.kvstore.cli.model.Durations;
import dev.kvstore.cli.model.Json;
import dev.kvstore.cli.output.Failure;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Waits, within a bound, until nodes that were started take requests, and tells what it sees meanwhile. */
public final class Startup {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(2);
    private static final int LOG_LINES = 15;

    private final LocalNodes nodes;
    private final Consumer<String> progress;
    private final Duration wait;
    private final long endNs;
    private String lastSync = "";

    /** Starts the clock: {@code wait} is for all that this object waits for. */
    public Startup(LocalNodes nodes, Duration wait, Consumer<String> progress) {
        this.nodes = nodes;
        this.progress = progress;
        this.wait = wait;
        this.endNs = System.nanoTime() + wait.toNanos();
    }

    /**
     * Waits until these nodes are ready.
     *
     * @throws Failure when one of them ended or is not ready in time, with its last words
     */
    public void awaitReady(List<LocalNode> wanted) throws InterruptedException {
        List<LocalNode> left = new ArrayList<>(wanted);
        try (NodeHttp http = new NodeHttp(ANSWER_TIMEOUT)) {
            while (true) {
                for (LocalNode node : List.copyOf(left)) {
                    requireRunning(node);
                    // its process still being there after the answer shows that the answer was its own
                    if (http.ready(node.address()) && nodes.process(node).isPresent()) {
                        left.remove(node);
                        progress.accept("%s is ready on port %d".formatted(node.name(), node.port()));
                    }
                }
                if (left.isEmpty()) {
                    return;
                }
                if (isOver()) {
                    throw notReady(left);
                }
                Thread.sleep(POLL);
            }
        }
    }

    /**
     * Has the cluster take these nodes in. New ones ask for it themselves; one that was scaled away and comes back with its old
     * data does not, and is not ready before.
     *
     * @throws Failure when a node ended, or the cluster does not want them in time
     */
    public void awaitWanted(List<LocalNode> wanted) throws InterruptedException {
        try (KvClient client = client()) {
            while (!wanted.isEmpty()) {
                String why;
                try {
                    List<String> known = client.desiredMembers();
                    ObjectNode missing = Json.object();
                    wanted.stream()
                            .filter(node -> !known.contains(node.name()))
                            .forEach(
                                    node -> missing.put(node.name(), node.zone().orElse("")));
                    if (missing.isEmpty()) {
                        return;
                    }
                    client.order(Json.object().set("members", missing));
                    return;
                } catch (ClientException e) {
                    // nodes that start are not heard of at once, and an order that names them is refused until then
                    why = String.valueOf(e.getMessage());
                }
                for (LocalNode node : wanted) {
                    requireRunning(node);
                }
                if (isOver()) {
                    throw Failure.unable("After %s the cluster has not taken the nodes in: %s\n%s"
                            .formatted(Durations.text(wait), why, runsOn()));
                }
                Thread.sleep(POLL);
            }
        }
    }

    private KvClient client() {
        return new KvClient(
                nodes.cluster().nodes().stream().map(LocalNode::address).toList(),
                nodes.folder().learnedNodes(),
                ANSWER_TIMEOUT,
                Clock.systemUTC(),
                trace -> {});
    }

    /**
     * Waits until the cluster reports every partition fully in sync, with all its nodes.
     *
     * @throws Failure when a node ended or the time is over
     */
    public ClusterStatus awaitInSync() throws InterruptedException {
        List<LocalNode> all = nodes.cluster().nodes();
        Optional<ClusterStatus> status = Optional.empty();
        try (KvClient client = client()) {
            while (true) {
                status = status(client);
                if (status.filter(s -> s.well() && s.members().size() >= all.size())
                        .isPresent()) {
                    return status.get();
                }
                status.ifPresent(this::tellSync);
                for (LocalNode node : all) {
                    requireRunning(node);
                }
                if (isOver()) {
                    throw notInSync(status);
                }
                Thread.sleep(POLL);
            }
        }
    }

    private static Optional<ClusterStatus> status(KvClient client) throws InterruptedException {
        try {
            ObjectNode json = client.cluster();
            return Optional.of(ClusterStatus.of(json));
        } catch (ClientException e) {
            return Optional.empty();
        }
    }

    private void tellSync(ClusterStatus status) {
        ClusterStatus.Partitions partitions = status.partitions();
        String sync = partitions.total() == 0
                ? "waiting for the first ring"
                : "%d of %d partitions fully in sync".formatted(partitions.fullyInSync(), partitions.total());
        if (!sync.equals(lastSync)) {
            lastSync = sync;
            progress.accept(sync);
        }
    }

    private boolean isOver() {
        return System.nanoTime() - endNs > 0;
    }

    private void requireRunning(LocalNode node) {
        if (nodes.process(node).isEmpty()) {
            throw Failure.unable("""
                    %s ended while it was starting. Its last words:
                    %s
                    When the cause is mended: %s start %s""".formatted(node.name(), lastWords(node), Settings.COMMAND, node.name()));
        }
    }

    private Failure notReady(List<LocalNode> left) {
        StringBuilder text = new StringBuilder();
        for (LocalNode node : left) {
            text.append("%s runs, but is not ready after %s. Its last words:\n%s\n"
                    .formatted(node.name(), Durations.text(wait), lastWords(node)));
        }
        return Failure.unable(text + runsOn());
    }

    private Failure notInSync(Optional<ClusterStatus> status) {
        String state = status.map(s -> {
                    List<String> notUp = s.members().stream()
                            .filter(member -> !member.up())
                            .map(member -> member.name() + " is " + member.state())
                            .toList();
                    return "%d of %d partitions are fully in sync, %d of %d nodes are members%s"
                            .formatted(
                                    s.partitions().fullyInSync(),
                                    s.partitions().total(),
                                    s.members().size(),
                                    nodes.cluster().nodes().size(),
                                    notUp.isEmpty() ? "" : ", " + String.join(", ", notUp));
                })
                .orElse("no node tells how the cluster stands");
        return Failure.unable("The nodes are ready, but after %s the cluster is not complete: %s.\n%s"
                .formatted(Durations.text(wait), state, runsOn()));
    }

    private static String runsOn() {
        return "The nodes run on. Watch them with '%s status' and '%s logs NODE', or end them with '%s down'."
                .formatted(Settings.COMMAND, Settings.COMMAND, Settings.COMMAND);
    }

    private String lastWords(LocalNode node) {
        LogFile log = nodes.folder().log(node.name());
        try {
            List<String> lines = log.tail(LOG_LINES);
            return lines.isEmpty() ? "  (none)" : "  " + String.join("\n  ", lines);
        } catch (IOException e) {
            return "  (%s cannot be read: %s)".formatted(log.path(), e.getMessage());
        }
    }
}
