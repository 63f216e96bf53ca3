package dev.kvstore.cli.command.orders;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kvstore.cli.command.ClusterOptions;
import dev.kvstore.cli.command.KvstoreCommand;
import dev.kvstore.cli.local.DataFolder;
import dev.kvstore.cli.local.Settings;
import dev.kvstore.cli.local.Settling;
import dev.kvstore.cli.model.Durations;
import dev.kvstore.cli.model.Json;
import dev.kvstore.cli.output.ExitCode;
import dev.kvstore.cli.output.Failure;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code set}. */
@Command(
        name = "set",
        description = "Changes a setting of the whole cluster while it serves.",
        footer = {
            "",
            "Settings:",
            "  replication-factor N      copies of each key; waits until all of them are there",
            "  min-in-sync N             writes are refused while fewer copies than this are in sync",
            "  replace-after TIME        how long a failed node's copies wait for it before they are made elsewhere",
            "  max-concurrent-moves N    partitions that are copied at a time",
            "  max-bytes-per-second N    bytes of copies that a node sends in a second, 0 for no limit",
            "",
            "Examples:",
            "  kvstore set replication-factor 3",
            "  kvstore set replace-after 1h"
        })
public final class SetCommand implements Callable<Integer> {
    @ParentCommand
    private KvstoreCommand kvstore;

    @Mixin
    private ClusterOptions cluster;

    @Parameters(
            index = "0",
            paramLabel = "SETTING",
            completionCandidates = Candidates.class,
            description = "One of ${COMPLETION-CANDIDATES}.")
    private String setting;

    @Parameters(index = "1", paramLabel = "VALUE", description = "Its new value.")
    private String value;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "10m",
            description = "How long it may take until all copies are there (${DEFAULT-VALUE} by default).")
    private Duration wait;

    static final class Candidates implements Iterable<String> {
        @Override
        public java.util.Iterator<String> iterator() {
            return Arrays.stream(Name.values()).map(Name::text).toList().iterator();
        }
    }

    private enum Name {
        REPLICATION_FACTOR("replicationFactor"),
        MIN_IN_SYNC("minInSync"),
        REPLACE_AFTER("replaceAfterMs"),
        MAX_CONCURRENT_MOVES("maxConcurrentMoves"),
        MAX_BYTES_PER_SECOND("maxBytesPerSecond");

        private final String field;

        Name(String field) {
            this.field = field;
        }

        String text() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }

        static Name of(String text) {
            return Arrays.stream(values())
                    .filter(each -> each.text().equals(text))
                    .findFirst()
                    .orElseThrow(() -> Failure.usage("There is no setting '%s'. There are: %s."
                            .formatted(
                                    text,
                                    String.join(
                                            ", ",
                                            Arrays.stream(values())
                                                    .map(Name::text)
                                                    .toList()))));
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        Name name = Name.of(setting);
        long number = number(name);
        ObjectNode order = Json.object().put(name.field, number);
        kvstore.ask(cluster, client -> {
            client.order(order);
            if (name == Name.REPLICATION_FACTOR) {
                remember(Math.toIntExact(number));
                new Settling(client, wait, kvstore.output()::progress)
                        .await(Settling.Seen::settled, "'%s status' shows how far it is.".formatted(Settings.COMMAND));
            }
            return ExitCode.OK;
        });
        kvstore.output().line("%s is %s".formatted(name.text(), value));
        return ExitCode.OK;
    }

    private long number(Name name) {
        try {
            return name == Name.REPLACE_AFTER ? Durations.parse(value).toMillis() : Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw Failure.usage("'%s' is not a number.".formatted(value));
        } catch (IllegalArgumentException e) {
            throw Failure.usage(String.valueOf(e.getMessage()));
        }
    }

    /** The nodes of this machine are told the number of copies at every start. */
    private void remember(int copies) {
        DataFolder folder = kvstore.folder();
        if (!kvstore.namesNodes(cluster)) {
            folder.cluster().ifPresent(local -> folder.save(local.withReplication(copies)));
        }
    }
}
