package dev.kvstore.cli.command.keys;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kvstore.cli.client.KvClient;
import dev.kvstore.cli.command.ClusterOptions;
import dev.kvstore.cli.command.KvstoreCommand;
import dev.kvstore.cli.command.OutputOption;
import dev.kvstore.cli.model.Json;
import dev.kvstore.cli.model.Key;
import dev.kvstore.cli.model.KeyPage;
import dev.kvstore.cli.output.ExitCode;
import dev.kvstore.cli.output.Failure;
import dev.kvstore.cli.output.Output;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code list}. */
@Command(
        name = "list",
        description = "Lists keys in the order of their bytes.",
        footer = {
            "",
            "Examples:",
            "  kvstore list",
            "  kvstore list user --values",
            "  kvstore list --limit 100 --after user100"
        })
public final class ListCommand implements Callable<Integer> {
    private static final int PAGE = 1000;
    /** Values may be large: fewer of them at a time. */
    private static final int PAGE_WITH_VALUES = 100;

    @ParentCommand
    private KvstoreCommand kvstore;

    @Mixin
    private ClusterOptions cluster;

    @Parameters(index = "0", arity = "0..1", paramLabel = "PREFIX", description = "Only keys that start so.")
    private String prefix = "";

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "At most so many keys (${DEFAULT-VALUE} by default).",
            defaultValue = "1000")
    private int limit;

    @Option(names = "--after", paramLabel = "KEY", description = "Only keys after this one.")
    private Optional<String> after = Optional.empty();

    @Option(names = "--after64", paramLabel = "KEY", description = "The same, in base64url.")
    private Optional<String> after64 = Optional.empty();

    @Option(names = "--values", description = "Values too: on each line key, tab, value.")
    private boolean values;

    @Mixin
    private OutputOption format;

    @Override
    public Integer call() throws InterruptedException {
        if (limit < 1) {
            throw Failure.usage("--limit is a number from 1 on.");
        }
        Optional<Key> start = start();
        return kvstore.ask(cluster, client -> {
            list(client, start, format.json() ? new JsonListing(kvstore.output()) : new TextListing(kvstore.output()));
            return ExitCode.OK;
        });
    }

    private Optional<Key> start() {
        if (after.isPresent() && after64.isPresent()) {
            throw Failure.usage("--after and --after64 exclude each other.");
        }
        try {
            return after.map(Key::of).or(() -> after64.map(Key::ofBase64));
        } catch (IllegalArgumentException e) {
            throw Failure.usage(String.valueOf(e.getMessage()));
        }
    }

    private void list(KvClient client, Optional<Key> start, Listing listing) throws InterruptedException {
        int left = limit;
        Optional<Key> next = start;
        do {
            KeyPage page = client.list(prefix, next, Math.min(left, values ? PAGE_WITH_VALUES : PAGE), values);
            page.entries().forEach(listing::entry);
            left -= page.entries().size();
            next = page.next();
        } while (next.isPresent() && left > 0);
        listing.end(next);
    }

    /** Writes keys as they come, so that a long list needs no memory. */
    private sealed interface Listing {
        void entry(KeyPage.Entry entry);

        /** {@code next}: there are more keys after this one. */
        void end(Optional<Key> next);
    }

    private record TextListing(Output output) implements Listing {
        @Override
        public void entry(KeyPage.Entry entry) {
            output.line(entry.key().display()
                    + entry.displayValue().map(value -> "\t" + value).orElse(""));
        }

        @Override
        public void end(Optional<Key> next) {
            next.ifPresent(key -> output.error("There are more keys. To go on: "
                    + key.text()
                            .map(text -> "--after '%s'".formatted(key.display()))
                            .orElse("--after64 " + key.base64())));
        }
    }

    private static final class JsonListing implements Listing {
        private final Output output;
        private boolean first = true;

        JsonListing(Output output) {
            this.output = output;
        }

        @Override
        public void entry(KeyPage.Entry entry) {
            output.line((first ? "{\"keys\": [\n  " : "  ,") + Json.line(entry.json()));
            first = false;
        }

        @Override
        public void end(Optional<Key> next) {
            ObjectNode rest = Json.object();
            next.ifPresent(key ->
                    key.text().ifPresentOrElse(text -> rest.put("next", text), () -> rest.put("next64", key.base64())));
            String members = Json.line(rest);
            output.line((first ? "{\"keys\": [" : "") + "]" + (rest.isEmpty() ? "}" : ", " + members.substring(1)));
        }
    }
}
