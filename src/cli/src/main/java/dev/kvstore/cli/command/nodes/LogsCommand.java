package dev.kvstore.cli.command.nodes;

import dev.kvstore.cli.command.KvstoreCommand;
import dev.kvstore.cli.command.NodeParameter;
import dev.kvstore.cli.local.LocalNode;
import dev.kvstore.cli.local.LocalNodes;
import dev.kvstore.cli.local.LogFile;
import dev.kvstore.cli.output.ExitCode;
import dev.kvstore.cli.output.Failure;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code logs}. */
@Command(
        name = "logs",
        description = "Prints what a node of the cluster on this machine wrote to its log.",
        footer = {"", "Examples:", "  kvstore logs node1", "  kvstore logs node1 -n 200", "  kvstore logs node1 -f"})
public final class LogsCommand implements Callable<Integer> {
    @ParentCommand
    private KvstoreCommand kvstore;

    @Mixin
    private NodeParameter node;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            defaultValue = "50",
            description = "The last so many lines (${DEFAULT-VALUE} by default).")
    private int lines;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what is added, until Ctrl-C.")
    private boolean follow;

    @Override
    public Integer call() throws InterruptedException, IOException {
        if (lines < 0) {
            throw Failure.usage("-n is a number from 0 on.");
        }
        LocalNodes nodes = kvstore.localNodes();
        LocalNode wanted = nodes.cluster().named(node.name());
        LogFile log = nodes.folder().log(wanted.name());
        long size = log.size();
        log.tail(lines).forEach(kvstore.output()::line);
        if (follow) {
            kvstore.output().flush();
            log.follow(size, bytes -> {
                kvstore.output().raw(bytes);
                kvstore.output().flush();
            });
        } else if (size == 0) {
            kvstore.output().error("%s has no log yet (%s).".formatted(wanted.name(), log.path()));
        }
        return ExitCode.OK;
    }
}
