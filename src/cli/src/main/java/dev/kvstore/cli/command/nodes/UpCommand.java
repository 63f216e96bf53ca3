package dev.kvstore.cli.command.nodes;

import dev.kvstore.cli.command.KvstoreCommand;
import dev.kvstore.cli.local.DataFolder;
import dev.kvstore.cli.local.LocalCluster;
import dev.kvstore.cli.local.LocalNode;
import dev.kvstore.cli.local.LocalNodes;
import dev.kvstore.cli.local.Settings;
import dev.kvstore.cli.local.Startup;
import dev.kvstore.cli.local.UpRequest;
import dev.kvstore.cli.model.ClusterStatus;
import dev.kvstore.cli.output.ExitCode;
import dev.kvstore.cli.output.Output;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code up}. */
@Command(
        name = "up",
        description = "Starts a cluster on this machine, or those of its nodes that do not run.",
        footer = {
            "",
            "The first 'up' fixes the settings; later ones may only add nodes. Keys survive 'down' and 'up'.",
            "",
            "Examples:",
            "  kvstore up",
            "  kvstore up --nodes 5 --replication 3 --zones a,b,c",
            "  kvstore up --data other --base-port 9001"
        })
public final class UpCommand implements Callable<Integer> {
    @ParentCommand
    private KvstoreCommand kvstore;

    @Option(names = "--nodes", paramLabel = "N", description = "How many nodes (3 by default).")
    private Optional<Integer> nodes = Optional.empty();

    @Option(names = "--replication", paramLabel = "N", description = "How many copies of each key (2 by default).")
    private Optional<Integer> replication = Optional.empty();

    @Option(
            names = "--base-port",
            paramLabel = "PORT",
            description = "The first node's port; the next nodes have the next ones (8001 by default). "
                    + "Each node also takes its port + 10000, for the other nodes.")
    private Optional<Integer> basePort = Optional.empty();

    @Option(
            names = "--zones",
            split = ",",
            paramLabel = "NAME",
            description = "Zones that the nodes play to be in, in turn: copies of a key go to different ones.")
    private List<String> zones = List.of();

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "60s",
            description = "How long it may take until every key has its copies (${DEFAULT-VALUE} by default).")
    private Duration wait;

    @Override
    public Integer call() throws InterruptedException {
        DataFolder folder = kvstore.folder();
        UpRequest request =
                new UpRequest(nodes, replication, basePort, zones.isEmpty() ? Optional.empty() : Optional.of(zones));
        Optional<LocalCluster> before = folder.cluster();
        LocalCluster cluster = LocalCluster.plan(before, request);
        LocalNodes local = new LocalNodes(kvstore.session().settings(), folder, cluster);
        Output output = kvstore.output();
        List<LocalNode> started = local.start(cluster.nodes());
        for (LocalNode node : started) {
            output.progress("starting %s on port %d".formatted(node.name(), node.port()));
        }
        Startup startup = new Startup(local, wait, output::progress);
        // those that the cluster had and does not want any more are not this command's to bring back
        startup.awaitWanted(
                before.map(known -> without(cluster.nodes(), known.nodes())).orElse(List.of()));
        startup.awaitReady(started);
        ClusterStatus status = startup.awaitInSync();
        output.line(sentence(cluster, started, status));
        if (!started.isEmpty()) {
            output.line("Try:  %s put user1 Alice   %s get user1   %s status"
                    .formatted(Settings.COMMAND, Settings.COMMAND, Settings.COMMAND));
        }
        return ExitCode.OK;
    }

    private static List<LocalNode> without(List<LocalNode> all, List<LocalNode> known) {
        return all.stream().filter(node -> !known.contains(node)).toList();
    }

    private static String sentence(LocalCluster cluster, List<LocalNode> started, ClusterStatus status) {
        int copies = Math.min(status.replicationFactor(), cluster.nodes().size());
        return "The cluster %s: %d node%s on port%s %s, %d cop%s of each key, leader %s, all %d partitions in sync."
                .formatted(
                        started.isEmpty() ? "is up already" : "is up",
                        cluster.nodes().size(),
                        cluster.nodes().size() == 1 ? "" : "s",
                        cluster.nodes().size() == 1 ? "" : "s",
                        ports(cluster),
                        copies,
                        copies == 1 ? "y" : "ies",
                        status.leader().orElse("not elected"),
                        status.partitions().total());
    }

    private static String ports(LocalCluster cluster) {
        int last = cluster.nodes().getLast().port();
        return cluster.basePort() == last ? Integer.toString(last) : cluster.basePort() + " to " + last;
    }
}
