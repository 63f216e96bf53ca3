package dev.kvstore.cli.command.keys;

import dev.kvstore.cli.client.ClientException;
import dev.kvstore.cli.command.ClusterOptions;
import dev.kvstore.cli.command.KeyParameter;
import dev.kvstore.cli.command.KvstoreCommand;
import dev.kvstore.cli.command.VersionOption;
import dev.kvstore.cli.model.Condition;
import dev.kvstore.cli.model.Key;
import dev.kvstore.cli.output.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code delete}. */
@Command(
        name = "delete",
        description = "Removes a key.",
        footer = {"", "Examples:", "  kvstore delete user1", "  kvstore delete --if-version 7 user1"})
public final class DeleteCommand implements Callable<Integer> {
    @ParentCommand
    private KvstoreCommand kvstore;

    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private KeyParameter key;

    @Mixin
    private VersionOption version;

    @Override
    public Integer call() throws InterruptedException {
        Key target = key.key();
        Condition condition = version.condition(false);
        try {
            return kvstore.ask(cluster, client -> {
                if (!client.delete(target, condition)) {
                    return kvstore.notFound(target);
                }
                kvstore.output().line("deleted");
                return ExitCode.OK;
            });
        } catch (ClientException.Refused e) {
            throw ConditionFailure.of(e, target, condition);
        }
    }
}
