package dev.kvstore.cli.command.keys;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kvstore.cli.command.ClusterOptions;
import dev.kvstore.cli.command.KeyParameter;
import dev.kvstore.cli.command.KvstoreCommand;
import dev.kvstore.cli.command.OutputOption;
import dev.kvstore.cli.model.Json;
import dev.kvstore.cli.model.Key;
import dev.kvstore.cli.model.KeyLocation;
import dev.kvstore.cli.output.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code locate}. */
@Command(
        name = "locate",
        description = "Tells where a key lives, whether it is there or not.",
        footer = {"", "Example:", "  kvstore locate user1"})
public final class LocateCommand implements Callable<Integer> {
    @ParentCommand
    private KvstoreCommand kvstore;

    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private KeyParameter key;

    @Mixin
    private OutputOption format;

    @Override
    public Integer call() throws InterruptedException {
        Key wanted = key.key();
        return kvstore.ask(cluster, client -> {
            ObjectNode json = client.locate(wanted);
            if (format.json()) {
                kvstore.output().line(Json.pretty(json));
            } else {
                print(wanted, KeyLocation.of(json));
            }
            return ExitCode.OK;
        });
    }

    private void print(Key wanted, KeyLocation location) {
        kvstore.output().line("key        " + wanted.display());
        kvstore.output().line("slot       " + location.slot());
        kvstore.output().line("partition  %s, epoch %s".formatted(location.partition(), location.epoch()));
        kvstore.output().line("primary    " + location.primary().orElse("none"));
        kvstore.output().line("in sync    " + String.join(", ", location.inSync()));
        kvstore.output().line("replicas   " + String.join(", ", location.replicas()));
    }
}
