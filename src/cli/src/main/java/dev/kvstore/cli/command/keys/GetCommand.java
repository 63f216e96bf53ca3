package dev.kvstore.cli.command.keys;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kvstore.cli.command.ClusterOptions;
import dev.kvstore.cli.command.KeyParameter;
import dev.kvstore.cli.command.KvstoreCommand;
import dev.kvstore.cli.command.OutputOption;
import dev.kvstore.cli.model.Json;
import dev.kvstore.cli.model.Key;
import dev.kvstore.cli.model.StoredValue;
import dev.kvstore.cli.model.Utf8;
import dev.kvstore.cli.output.ExitCode;
import dev.kvstore.cli.output.Output;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code get}. */
@Command(
        name = "get",
        description = "Prints the value of a key, byte for byte.",
        footer = {
            "",
            "Examples:",
            "  kvstore get user1",
            "  kvstore get photo > photo.jpg",
            "  kvstore get --output json user1"
        })
public final class GetCommand implements Callable<Integer> {
    private static final byte[] NEWLINE = {'\n'};

    @ParentCommand
    private KvstoreCommand kvstore;

    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private KeyParameter key;

    @Mixin
    private OutputOption format;

    @Option(
            names = "--stale",
            description = "Any copy will do, also one that is behind: it answers when no primary can be reached.")
    private boolean stale;

    @Override
    public Integer call() throws InterruptedException {
        Key wanted = key.key();
        return kvstore.ask(cluster, client -> {
            Optional<StoredValue> found = client.get(wanted, stale);
            found.ifPresent(value -> print(wanted, value));
            return found.isPresent() ? ExitCode.OK : kvstore.notFound(wanted);
        });
    }

    private void print(Key wanted, StoredValue found) {
        Output output = kvstore.output();
        if (format.json()) {
            output.line(Json.pretty(json(wanted, found)));
            return;
        }
        byte[] value = found.value();
        output.raw(value);
        boolean ended = value.length > 0 && value[value.length - 1] == '\n';
        // for a person, and among the answers to a prompt's other lines, a value is a line
        if ((output.terminal() || kvstore.session().atPrompt()) && !ended) {
            output.raw(NEWLINE);
        }
    }

    private static ObjectNode json(Key key, StoredValue found) {
        ObjectNode json = Json.object();
        put(json, "key", key.bytes());
        json.put("version", found.version());
        put(json, "value", found.value());
        return json;
    }

    private static void put(ObjectNode json, String member, byte[] bytes) {
        Utf8.decode(bytes)
                .ifPresentOrElse(
                        text -> json.put(member, text),
                        () -> json.put(
                                member + "64",
                                Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)));
    }
}
