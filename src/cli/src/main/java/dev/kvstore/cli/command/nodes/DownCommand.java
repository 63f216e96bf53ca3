package dev.kvstore.cli.command.nodes;

import dev.kvstore.cli.command.KvstoreCommand;
import dev.kvstore.cli.local.DataFolder;
import dev.kvstore.cli.local.LocalCluster;
import dev.kvstore.cli.local.LocalNode;
import dev.kvstore.cli.local.LocalNodes;
import dev.kvstore.cli.local.Ports;
import dev.kvstore.cli.local.Settings;
import dev.kvstore.cli.model.Durations;
import dev.kvstore.cli.output.ExitCode;
import dev.kvstore.cli.output.Failure;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code down}. */
@Command(
        name = "down",
        description = "Stops all nodes of the cluster on this machine. Its keys stay.",
        footer = {"", "Examples:", "  kvstore down", "  kvstore down --wipe"})
public final class DownCommand implements Callable<Integer> {
    @ParentCommand
    private KvstoreCommand kvstore;

    @Option(names = "--wipe", description = "Then forget all keys and settings: delete the data folder.")
    private boolean wipe;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "How long the nodes may take before they are killed (${DEFAULT-VALUE} by default).")
    private Duration wait;

    @Override
    public Integer call() throws InterruptedException {
        DataFolder folder = kvstore.folder();
        Optional<LocalCluster> cluster = folder.cluster();
        if (cluster.isEmpty()) {
            return noCluster(folder);
        }
        LocalNodes local = kvstore.localNodes();
        List<LocalNode> running = cluster.get().nodes().stream()
                .filter(node -> local.process(node).isPresent())
                .toList();
        if (running.isEmpty()) {
            kvstore.output().line("No node runs.");
        } else {
            stop(local, running);
        }
        if (wipe) {
            wipe(folder, cluster.get());
        } else {
            kvstore.output().line("The data stays in %s.".formatted(folder.root()));
        }
        return ExitCode.OK;
    }

    private int noCluster(DataFolder folder) {
        if (wipe && Files.exists(folder.root())) {
            throw Failure.unable("%s has no cluster.json, so it may not be a data folder. Nothing was deleted."
                    .formatted(folder.root()));
        }
        kvstore.output().line("There is no cluster in %s.".formatted(folder.root()));
        return ExitCode.OK;
    }

    private void stop(LocalNodes local, List<LocalNode> running) throws InterruptedException {
        kvstore.output().progress("stopping " + names(running));
        List<LocalNode> left = local.stop(running, wait);
        if (!left.isEmpty()) {
            kvstore.output()
                    .error("%s still ran after %s: killed. What was acknowledged is on disk."
                            .formatted(names(left), Durations.text(wait)));
            left = local.kill(left);
        }
        if (!left.isEmpty()) {
            throw Failure.unable("These do not end: " + names(left));
        }
        kvstore.output().line("stopped " + names(running));
    }

    private static String names(List<LocalNode> nodes) {
        return String.join(", ", nodes.stream().map(LocalNode::name).toList());
    }

    private void wipe(DataFolder folder, LocalCluster cluster) {
        for (LocalNode node : cluster.nodes()) {
            // such as a node in the foreground of another terminal, whose data this would take away
            if (Ports.inUse(node.port())) {
                throw Failure.unable(
                        "Something still listens on port %d of %s, perhaps started by '%s node'. End it first (Ctrl-C in its terminal). Nothing was deleted."
                                .formatted(node.port(), node.name(), Settings.COMMAND));
            }
        }
        boolean gone = folder.wipe(cluster);
        kvstore.output()
                .line("Wiped %s.%s"
                        .formatted(folder.root(), gone ? "" : " Files in it that the cluster did not write are left."));
    }
}
