package dev.kvstore.cli.prompt;

import dev.kvstore.cli.output.ExitCode;
import dev.kvstore.cli.output.Failure;
import dev.kvstore.cli.output.Output;
import dev.kvstore.cli.output.Table;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Model.CommandSpec;

/** Runs line after line as commands, until the lines end or one says {@code quit}. */
public final class Prompt {
    /** What only the prompt knows. */
    static final List<String> OWN_COMMANDS = List.of("quit", "exit");

    private final Lines lines;
    private final Output output;
    private final CommandSpec commands;
    private final ToIntFunction<List<String>> runner;

    /** {@code runner} runs the words of one line and returns one of {@link ExitCode}. */
    public Prompt(Lines lines, Output output, CommandSpec commands, ToIntFunction<List<String>> runner) {
        this.lines = lines;
        this.output = output;
        this.commands = commands;
        this.runner = runner;
    }

    /**
     * Runs to the end.
     *
     * @return what a script needs to know: the exit code of the first line that failed; {@link ExitCode#OK} for a person
     */
    public int run() {
        int firstFailure = ExitCode.OK;
        for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
            try {
                List<String> words = Words.of(line.get());
                if (words.isEmpty()) {
                    continue;
                }
                if (words.size() == 1 && OWN_COMMANDS.contains(words.getFirst())) {
                    break;
                }
                int exitCode = run(words);
                firstFailure = firstFailure == ExitCode.OK ? exitCode : firstFailure;
            } catch (Failure e) {
                output.error(e.getMessage());
                firstFailure = firstFailure == ExitCode.OK ? e.exitCode() : firstFailure;
            }
        }
        return lines.interactive() ? ExitCode.OK : firstFailure;
    }

    private int run(List<String> words) {
        if (words.equals(List.of("help"))) {
            help();
            return ExitCode.OK;
        }
        int exitCode = runner.applyAsInt(words);
        // a Ctrl-C that came when the command was done already is not for the next one
        Thread.interrupted();
        return exitCode;
    }

    private void help() {
        Table table = new Table("COMMAND", "DOES");
        commands.subcommands()
                .forEach((name, command) -> table.row(
                        name,
                        String.join(" ", command.getCommandSpec().usageMessage().description())));
        table.row("quit", "Ends the prompt, as Ctrl-D does.");
        table.lines().forEach(output::line);
        output.line("");
        output.line("Words are parted by blanks; quote what holds one: put greeting 'hello world'. More: help COMMAND");
        output.flush();
    }
}
