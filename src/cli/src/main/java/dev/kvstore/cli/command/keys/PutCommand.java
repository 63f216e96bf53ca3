package dev.kvstore.cli.command.keys;

import dev.kvstore.cli.client.ClientException;
import dev.kvstore.cli.command.ClusterOptions;
import dev.kvstore.cli.command.KeyParameter;
import dev.kvstore.cli.command.KvstoreCommand;
import dev.kvstore.cli.command.VersionOption;
import dev.kvstore.cli.model.Condition;
import dev.kvstore.cli.model.Key;
import dev.kvstore.cli.model.PutResult;
import dev.kvstore.cli.output.ExitCode;
import dev.kvstore.cli.output.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code put}. */
@Command(
        name = "put",
        description = "Stores a value under a key.",
        footer = {
            "",
            "Examples:",
            "  kvstore put user1 Alice",
            "  kvstore put --ttl 30s session1 open",
            "  kvstore put --if-version 7 user1 Bob",
            "  kvstore put photo - < photo.jpg",
            "  kvstore put -- flags -x"
        })
public final class PutCommand implements Callable<Integer> {
    /** The most that a cluster can be set to take. */
    private static final int MAX_VALUE_BYTES = 16 << 20;

    @ParentCommand
    private KvstoreCommand kvstore;

    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private KeyParameter key;

    @Parameters(
            index = "1",
            paramLabel = "VALUE",
            description = "The value, as text; - reads it from standard input, any bytes.")
    private String value;

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            description = "The key is gone after this time, as in 30s, 10m or 24h.")
    private Optional<String> ttl = Optional.empty();

    @Option(names = "--if-absent", description = "Only if the key is not there.")
    private boolean ifAbsent;

    @Mixin
    private VersionOption version;

    @Override
    public Integer call() throws InterruptedException, IOException {
        Key target = key.key();
        Condition condition = version.condition(ifAbsent);
        byte[] bytes = bytes();
        try {
            return kvstore.ask(cluster, client -> {
                PutResult result = client.put(target, bytes, ttl, condition);
                kvstore.output().line((result.created() ? "created" : "replaced") + ", version " + result.version());
                return ExitCode.OK;
            });
        } catch (ClientException.Refused e) {
            throw ConditionFailure.of(e, target, condition);
        }
    }

    private byte[] bytes() throws IOException {
        if (!value.equals("-")) {
            return value.getBytes(StandardCharsets.UTF_8);
        }
        if (kvstore.session().atPrompt()) {
            throw Failure.usage(
                    "At the prompt a value cannot come from standard input: use ./kvstore put KEY - < FILE");
        }
        byte[] bytes = kvstore.session().in().readNBytes(MAX_VALUE_BYTES + 1);
        if (bytes.length > MAX_VALUE_BYTES) {
            throw Failure.usage("The value is larger than %d MiB, the most that a cluster can be set to take."
                    .formatted(MAX_VALUE_BYTES >> 20));
        }
        return bytes;
    }
}
