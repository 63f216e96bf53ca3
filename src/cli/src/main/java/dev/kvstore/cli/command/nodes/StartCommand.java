package dev.kvstore.cli.command.nodes;

import dev.kvstore.cli.command.KvstoreCommand;
import dev.kvstore.cli.command.NodeParameter;
import dev.kvstore.cli.local.LocalNode;
import dev.kvstore.cli.local.LocalNodes;
import dev.kvstore.cli.local.NodeProcess;
import dev.kvstore.cli.local.Startup;
import dev.kvstore.cli.output.ExitCode;
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
        footer = {"", "Example:", "  kvstore start node1"})
public final class StartCommand implements Callable<Integer> {
    @ParentCommand
    private KvstoreCommand kvstore;

    @Mixin
    private NodeParameter node;

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
        if (running.isPresent()) {
            kvstore.output()
                    .line("%s runs already (process %d)."
                            .formatted(wanted.name(), running.get().pid()));
            return ExitCode.OK;
        }
        nodes.start(List.of(wanted));
        kvstore.output().progress("starting %s on port %d".formatted(wanted.name(), wanted.port()));
        new Startup(nodes, wait, kvstore.output()::progress).awaitReady(List.of(wanted));
        return ExitCode.OK;
    }
}
