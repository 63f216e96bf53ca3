package dev.kvstore.cli.command.nodes;

import dev.kvstore.cli.command.KvstoreCommand;
import dev.kvstore.cli.command.NodeParameter;
import dev.kvstore.cli.local.LocalNode;
import dev.kvstore.cli.local.LocalNodes;
import dev.kvstore.cli.local.NodeProcess;
import dev.kvstore.cli.output.ExitCode;
import dev.kvstore.cli.output.Failure;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code kill}. */
@Command(
        name = "kill",
        description = "Ends a node of the cluster on this machine at once, as a power cut would (kill -9).",
        footer = {"", "Example:", "  kvstore kill node1"})
public final class KillCommand implements Callable<Integer> {
    @ParentCommand
    private KvstoreCommand kvstore;

    @Mixin
    private NodeParameter node;

    @Override
    public Integer call() throws InterruptedException {
        LocalNodes nodes = kvstore.localNodes();
        LocalNode wanted = nodes.cluster().named(node.name());
        NodeProcess process = nodes.process(wanted)
                .orElseThrow(
                        () -> Failure.no("%s does not run, or was not started from here.".formatted(wanted.name())));
        if (!nodes.kill(List.of(wanted)).isEmpty()) {
            throw Failure.unable("Process %d of %s does not end.".formatted(process.pid(), wanted.name()));
        }
        kvstore.output().line("%s killed (process %d)".formatted(wanted.name(), process.pid()));
        return ExitCode.OK;
    }
}
