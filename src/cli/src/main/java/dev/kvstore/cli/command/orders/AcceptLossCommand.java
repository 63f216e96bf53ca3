package dev.kvstore.cli.command.orders;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kvstore.cli.command.ClusterOptions;
import dev.kvstore.cli.command.KvstoreCommand;
import dev.kvstore.cli.local.Settings;
import dev.kvstore.cli.model.Json;
import dev.kvstore.cli.output.ExitCode;
import dev.kvstore.cli.output.Failure;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code accept-loss}. */
@Command(
        name = "accept-loss",
        description = {
            "Gives up what the last copy of lost partitions had: they start over from the best copy that is left, or empty.",
            "Without numbers: tells which partitions are lost."
        },
        footer = {
            "",
            "This cannot be undone. A node whose disk is only away, not gone, is better started again.",
            "",
            "Examples:",
            "  kvstore accept-loss",
            "  kvstore accept-loss 3 17"
        })
public final class AcceptLossCommand implements Callable<Integer> {
    @ParentCommand
    private KvstoreCommand kvstore;

    @Mixin
    private ClusterOptions cluster;

    @Parameters(paramLabel = "PARTITION", arity = "0..*", description = "Numbers of lost partitions.")
    private List<Integer> numbers = List.of();

    @Override
    public Integer call() throws InterruptedException {
        return kvstore.ask(cluster, client -> {
            TreeMap<Integer, Long> lost = new TreeMap<>();
            JsonNode partitions = client.ring().path("partitions");
            for (int i = 0; i < partitions.size(); i++) {
                if (partitions.get(i).path("lost").asBoolean()) {
                    lost.put(i, partitions.get(i).path("epoch").asLong());
                }
            }
            if (numbers.isEmpty()) {
                kvstore.output()
                        .line(
                                lost.isEmpty()
                                        ? "No partition is lost."
                                        : "Lost partitions: %s".formatted(lost.keySet()));
                return ExitCode.OK;
            }
            ObjectNode accepted = Json.object();
            for (int number : numbers) {
                Long epoch = lost.get(number);
                if (epoch == null) {
                    throw Failure.usage("Partition %d is not lost. Nothing was given up.".formatted(number));
                }
                accepted.put(Integer.toString(number), epoch);
            }
            client.order(Json.object().set("acceptLoss", accepted));
            kvstore.output()
                    .line("Ordered: partitions %s start over from what is left. '%s status' shows when they serve."
                            .formatted(numbers, Settings.COMMAND));
            return ExitCode.OK;
        });
    }
}
