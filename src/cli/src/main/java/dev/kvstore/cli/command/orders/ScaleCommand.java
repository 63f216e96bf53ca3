package dev.kvstore.cli.command.orders;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kvstore.cli.command.ClusterOptions;
import dev.kvstore.cli.command.KvstoreCommand;
import dev.kvstore.cli.local.DataFolder;
import dev.kvstore.cli.local.LocalCluster;
import dev.kvstore.cli.local.LocalNode;
import dev.kvstore.cli.local.LocalNodes;
import dev.kvstore.cli.local.Settings;
import dev.kvstore.cli.local.Settling;
import dev.kvstore.cli.local.Startup;
import dev.kvstore.cli.local.UpRequest;
import dev.kvstore.cli.model.Durations;
import dev.kvstore.cli.model.Json;
import dev.kvstore.cli.output.ExitCode;
import dev.kvstore.cli.output.Failure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code scale}. */
@Command(
        name = "scale",
        description = "Changes how many nodes the cluster on this machine has, while it serves.",
        footer = {
            "",
            "New nodes get their share of the keys; nodes that go hand everything over first and are stopped then. Their data",
            "stays: a node that is scaled back in with it is brought up to date. An order may be taken back by another one at",
            "any time, also while this command waits in another terminal.",
            "",
            "Examples:",
            "  kvstore scale 5",
            "  kvstore scale 3 --wait 30m"
        })
public final class ScaleCommand implements Callable<Integer> {
    private static final Duration STOP_WAIT = Duration.ofSeconds(30);

    @ParentCommand
    private KvstoreCommand kvstore;

    @Parameters(index = "0", paramLabel = "N", description = "How many nodes.")
    private int wanted;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "10m",
            description = "How long it may take until every key is where it belongs (${DEFAULT-VALUE} by default).")
    private Duration wait;

    @Override
    public Integer call() throws InterruptedException {
        LocalNodes before = kvstore.localNodes();
        LocalCluster cluster = before.cluster();
        if (wanted < 1) {
            throw Failure.usage("A cluster has at least one node; '%s down' stops it.".formatted(Settings.COMMAND));
        }
        return wanted < cluster.nodes().size() ? shrink(before) : grow(before.folder(), cluster);
    }

    private int grow(DataFolder folder, LocalCluster present) throws InterruptedException {
        LocalCluster cluster = LocalCluster.plan(
                Optional.of(present),
                new UpRequest(Optional.of(wanted), Optional.empty(), Optional.empty(), Optional.empty()));
        LocalNodes nodes = new LocalNodes(kvstore.session().settings(), folder, cluster);
        List<LocalNode> started = nodes.start(cluster.nodes());
        started.forEach(
                node -> kvstore.output().progress("starting %s on port %d".formatted(node.name(), node.port())));
        Startup startup = new Startup(nodes, wait, kvstore.output()::progress);
        // also who runs and was on its way out, or was scaled away and comes back
        startup.awaitWanted(cluster.nodes());
        startup.awaitReady(started);
        List<String> names = names(cluster.nodes());
        kvstore.ask(
                new ClusterOptions(),
                client -> new Settling(client, wait, kvstore.output()::progress)
                        .await(
                                seen -> seen.settled() && seen.members().containsAll(names),
                                "'%s scale %d' waits again.".formatted(Settings.COMMAND, wanted)));
        kvstore.output().line("The cluster has %d nodes, and every key is where it belongs.".formatted(wanted));
        return ExitCode.OK;
    }

    private int shrink(LocalNodes nodes) throws InterruptedException {
        LocalCluster cluster = nodes.cluster();
        List<LocalNode> staying = cluster.nodes().subList(0, wanted);
        List<LocalNode> leaving =
                cluster.nodes().subList(wanted, cluster.nodes().size());
        ObjectNode members = Json.object();
        staying.forEach(node -> members.put(node.name(), node.zone().orElse("")));
        leaving.forEach(node -> members.putNull(node.name()));
        kvstore.ask(new ClusterOptions(), client -> {
            client.order(Json.object().set("members", members));
            kvstore.output().progress("moving everything off " + String.join(", ", names(leaving)));
            return new Settling(client, wait, kvstore.output()::progress)
                    .await(
                            seen -> seen.settled() && names(leaving).stream().noneMatch(seen.members()::contains),
                            "'%s scale %d' waits again, '%s scale %d' takes the order back."
                                    .formatted(
                                            Settings.COMMAND,
                                            wanted,
                                            Settings.COMMAND,
                                            cluster.nodes().size()));
        });
        List<LocalNode> left = nodes.stop(leaving, STOP_WAIT);
        if (!left.isEmpty()) {
            throw Failure.unable(
                    "%s hold nothing any more, but still run after %s. End them with '%s kill', then '%s scale %d' again."
                            .formatted(
                                    String.join(", ", names(left)),
                                    Durations.text(STOP_WAIT),
                                    Settings.COMMAND,
                                    Settings.COMMAND,
                                    wanted));
        }
        nodes.folder().save(cluster.withNodes(staying));
        kvstore.output()
                .line("The cluster has %d node%s. %s stopped; what %s had stays in %s."
                        .formatted(
                                wanted,
                                wanted == 1 ? "" : "s",
                                String.join(", ", names(leaving)),
                                leaving.size() == 1 ? "it" : "they",
                                nodes.folder().root()));
        return ExitCode.OK;
    }

    private static List<String> names(List<LocalNode> nodes) {
        return nodes.stream().map(LocalNode::name).toList();
    }
}
