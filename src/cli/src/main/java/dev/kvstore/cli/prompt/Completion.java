package dev.kvstore.cli.prompt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** What may come next on a line: commands, their options, and values that are known. */
public final class Completion {
    private static final String HELP = "help";

    private final CommandSpec root;
    private final Map<String, Supplier<List<String>>> values;

    /** {@code values}: for the labels of parameters (as help shows them), what they may be. */
    public Completion(CommandSpec root, Map<String, Supplier<List<String>>> values) {
        this.root = root;
        this.values = values;
    }

    /** The words that can stand after {@code before} and start with {@code started}. */
    public List<String> candidates(List<String> before, String started) {
        return all(before, started)
                .filter(c -> c.startsWith(started))
                .sorted()
                .distinct()
                .toList();
    }

    private Stream<String> all(List<String> before, String started) {
        if (before.isEmpty()) {
            return Stream.concat(root.subcommands().keySet().stream(), Prompt.OWN_COMMANDS.stream());
        }
        if (before.getFirst().equals(HELP)) {
            return before.size() == 1 ? root.subcommands().keySet().stream() : Stream.empty();
        }
        @Nullable CommandLine command = root.subcommands().get(before.getFirst());
        if (command == null) {
            return Stream.empty();
        }
        CommandSpec spec = command.getCommandSpec();
        Optional<OptionSpec> awaiting = before.size() == 1 ? Optional.empty() : takingValue(spec, before.getLast());
        if (awaiting.isPresent()) {
            return values(awaiting.get().paramLabel(), awaiting.get().completionCandidates());
        }
        if (started.startsWith("-")) {
            return spec.options().stream().filter(o -> !o.hidden()).map(OptionSpec::longestName);
        }
        int position = position(spec, before);
        return spec.positionalParameters().stream()
                .filter(p -> p.index().contains(position))
                .flatMap(p -> values(p));
    }

    private Stream<String> values(PositionalParamSpec parameter) {
        return values(parameter.paramLabel(), parameter.completionCandidates());
    }

    private Stream<String> values(String label, @Nullable Iterable<String> declared) {
        Supplier<List<String>> known = values.get(label);
        if (known != null) {
            return known.get().stream();
        }
        return declared == null ? Stream.empty() : StreamSupport.stream(declared.spliterator(), false);
    }

    /** How many positional words came already. */
    private static int position(CommandSpec spec, List<String> before) {
        List<String> positional = new ArrayList<>();
        for (int i = 1; i < before.size(); i++) {
            if (!before.get(i).startsWith("-")
                    && takingValue(spec, before.get(i - 1)).isEmpty()) {
                positional.add(before.get(i));
            }
        }
        return positional.size();
    }

    private static Optional<OptionSpec> takingValue(CommandSpec spec, String word) {
        return Optional.ofNullable(spec.optionsMap().get(word))
                .filter(option -> option.arity().max() > 0);
    }
}
