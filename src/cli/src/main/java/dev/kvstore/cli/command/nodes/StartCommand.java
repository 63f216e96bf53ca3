package dev.kvstore.cli.command.nodes;

import dev.kvstore.cli.command.KvstoreCommand;
import dev.kvstore.cli.command.NodeParameter;
import dev.kvstore.cli.local.LocalNode;
import dev.kvstore.cli.local.LocalNodes;
import dev.kvstore.cli.local.NodeProcess;
import dev.kvstore.cli.local.Settings;
import dev.kvstore.cli.local.Startup;
import dev.kvstore.cli.output.ExitCode;
import dev.kvstore.cli.output.Failure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code start}. */
@Command(
        name = "start",
        description = "Starts a node of the cluster on this machine again.",
        footer = {
            "",
            "With --refill the node throws its data away and is filled from the other copies. It is refused where the",
            "last copy of a key would go.",
            "",
            "Examples:",
            "  kvstore start node1",
            "  kvstore start node2 --refill"
        })
public final class StartCommand implements Callable<Integer> {
    @ParentCommand
    private KvstoreCommand kvstore;

    @Mixin
    private NodeParameter node;

    @Option(names = "--refill", description = "Fill a node with a damaged store from the other copies.")
    private boolean refill;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "How long it may take until it is ready (${DEFAULT-VALUE} by default).")
    private Duration wait;

    @Override
    public Integer call() throws InterruptedException {
        LocalNodes nodes = kvstore.localNodes();
        LocalNode wanted = nodes.cluster().named(node.name());
        Optional<NodeProcess> running = nodes.process(wanted);
        if (running.isPresent() && refill) {
            throw Failure.usage("%s runs (process %d). Its data can be thrown away while it does not: %s stop %s"
                    .formatted(wanted.name(), running.get().pid(), Settings.COMMAND, wanted.name()));
        }
        if (running.isPresent()) {
            kvstore.output()
                    .line("%s runs already (process %d)."
                            .formatted(wanted.name(), running.get().pid()));
            return ExitCode.OK;
        }
        nodes.start(List.of(wanted), refill);
        kvstore.output().progress("starting %s on port %d".formatted(wanted.name(), wanted.port()));
        new Startup(nodes, wait, kvstore.output()::progress).awaitReady(List.of(wanted));
        return ExitCode.OK;
    }
}
