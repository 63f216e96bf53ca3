package dev.kvstore.cli.command.nodes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kvstore.cli.command.ClusterOptions;
import dev.kvstore.cli.command.KvstoreCommand;
import dev.kvstore.cli.command.OutputOption;
import dev.kvstore.cli.local.LocalNode;
import dev.kvstore.cli.model.ClusterStatus;
import dev.kvstore.cli.model.Json;
import dev.kvstore.cli.output.ExitCode;
import dev.kvstore.cli.output.StatusReport;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code status}. */
@Command(
        name = "status",
        description = "Tells how the cluster stands.",
        footer = {"", "Examples:", "  kvstore status", "  kvstore status --output json"})
public final class StatusCommand implements Callable<Integer> {
    @ParentCommand
    private KvstoreCommand kvstore;

    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private OutputOption format;

    @Override
    public Integer call() throws InterruptedException {
        return kvstore.ask(cluster, client -> {
            ObjectNode json = client.cluster();
            if (format.json()) {
                kvstore.output().line(Json.pretty(json));
            } else {
                new StatusReport(ClusterStatus.of(json), client.answered(), notRunning())
                        .lines()
                        .forEach(kvstore.output()::line);
            }
            return ExitCode.OK;
        });
    }

    /** Only of the cluster on this machine: of nodes that the user named, nothing is known but their answers. */
    private List<String> notRunning() {
        if (kvstore.namesNodes(cluster) || kvstore.folder().cluster().isEmpty()) {
            return List.of();
        }
        return kvstore.localNodes().missing().stream().map(LocalNode::name).toList();
    }
}
