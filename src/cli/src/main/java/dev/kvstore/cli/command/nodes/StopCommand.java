package dev.kvstore.cli.command.nodes;

import dev.kvstore.cli.command.KvstoreCommand;
import dev.kvstore.cli.command.NodeParameter;
import dev.kvstore.cli.local.LocalNode;
import dev.kvstore.cli.local.LocalNodes;
import dev.kvstore.cli.local.Settings;
import dev.kvstore.cli.model.Durations;
import dev.kvstore.cli.output.ExitCode;
import dev.kvstore.cli.output.Failure;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code stop}. */
@Command(
        name = "stop",
        description = "Stops a node of the cluster on this machine: it hands over what it serves, then ends.",
        footer = {"", "Example:", "  kvstore stop node1"})
public final class StopCommand implements Callable<Integer> {
    @ParentCommand
    private KvstoreCommand kvstore;

    @Mixin
    private NodeParameter node;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "How long it may take (${DEFAULT-VALUE} by default).")
    private Duration wait;

    @Override
    public Integer call() throws InterruptedException {
        LocalNodes nodes = kvstore.localNodes();
        LocalNode wanted = nodes.cluster().named(node.name());
        if (nodes.process(wanted).isEmpty()) {
            kvstore.output().line(wanted.name() + " does not run.");
            return ExitCode.OK;
        }
        if (!nodes.stop(List.of(wanted), wait).isEmpty()) {
            throw Failure.unable("%s still runs after %s. See '%s logs %s'; to end it at once: %s kill %s"
                    .formatted(
                            wanted.name(),
                            Durations.text(wait),
                            Settings.COMMAND,
                            wanted.name(),
                            Settings.COMMAND,
                            wanted.name()));
        }
        kvstore.output().line(wanted.name() + " stopped");
        return ExitCode.OK;
    }
}
