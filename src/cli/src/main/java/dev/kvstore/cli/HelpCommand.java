package dev.kvstore.cli;

import dev.kvstore.cli.local.Settings;
import dev.kvstore.cli.output.ExitCode;
import dev.kvstore.cli.output.Failure;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code help}. */
@Command(
        name = "help",
        description = "Shows help, for one command or for all of them.",
        footer = {"", "Example:", "  kvstore help put"})
final class HelpCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", arity = "0..1", paramLabel = "COMMAND", description = "The command.")
    private Optional<String> name = Optional.empty();

    @Override
    public Integer call() {
        CommandLine root = spec.parent().commandLine();
        CommandLine wanted = name.map(n -> command(root, n)).orElse(root);
        wanted.usage(root.getOut(), root.getColorScheme());
        return ExitCode.OK;
    }

    private static CommandLine command(CommandLine root, String name) {
        CommandLine command = root.getSubcommands().get(name);
        if (command == null) {
            throw unknown(root, name);
        }
        return command;
    }

    /** Says that there is no such command, and which one may be meant. */
    static Failure unknown(CommandLine root, String name) {
        String hint = Nearest.of(name, root.getSubcommands().keySet())
                .map(" Did you mean '%s'?"::formatted)
                .orElse("");
        return Failure.usage("There is no command '%s'.%s For a list: %s help".formatted(name, hint, Settings.COMMAND));
    }
}
