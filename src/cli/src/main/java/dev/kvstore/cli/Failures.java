package dev.kvstore.cli;

import dev.kvstore.cli.client.ClientException;
import dev.kvstore.cli.command.KvstoreCommand;
import dev.kvstore.cli.local.Settings;
import dev.kvstore.cli.model.Problem;
import dev.kvstore.cli.output.ExitCode;
import dev.kvstore.cli.output.Failure;
import dev.kvstore.cli.output.Output;
import dev.kvstore.cli.output.OutputClosedException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever went wrong into a sentence and an exit code. Stack traces are for {@code --verbose}. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
    private static final int BAD_REQUEST = 400;
    private static final int TOO_LARGE = 413;
    private static final int LINE_TOO_LONG = 414;
    private static final String START_HINT =
            "To start a cluster on this machine: %s up. To ask other nodes: --node HOST:PORT"
                    .formatted(Settings.COMMAND);
    private static final String READ_HINT =
            "It may or may not have been written, and no other node was asked to. Read the key before you repeat it.";

    private final KvstoreCommand kvstore;

    Failures(KvstoreCommand kvstore) {
        this.kvstore = kvstore;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine commandLine, ParseResult parsed) {
        int exitCode = tell(e);
        if (kvstore.verbose()) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            kvstore.output().error(trace.toString());
        }
        return exitCode;
    }

    private int tell(Exception e) {
        return switch (e) {
            case Failure failure -> say(failure.getMessage(), failure.exitCode());
            case ClientException failure -> tell(failure);
            case InterruptedException interrupted -> say("interrupted", ExitCode.INTERRUPTED);
            // told at the end of the command line, once
            case OutputClosedException closed -> ExitCode.UNABLE;
            default -> say("Unexpected: %s. With --verbose there is more.".formatted(e), ExitCode.UNABLE);
        };
    }

    private int tell(ClientException e) {
        return switch (e) {
            case ClientException.Refused refused -> say(sentence(refused), exitCode(refused.problem()));
            case ClientException.Unreachable unreachable ->
                say(unreachable.getMessage() + "\n" + START_HINT, ExitCode.UNABLE);
            case ClientException.OutcomeUnknown unknown ->
                say("The outcome is unknown: %s.\n%s".formatted(unknown.getMessage(), READ_HINT), ExitCode.UNABLE);
            case ClientException.Foreign foreign -> say(foreign.getMessage(), ExitCode.UNABLE);
        };
    }

    private int say(String sentence, int exitCode) {
        kvstore.output().error(sentence);
        return exitCode;
    }

    private static int exitCode(Problem problem) {
        return switch (problem.code()) {
            case Problem.NOT_FOUND, Problem.CONDITION_FAILED -> ExitCode.NO;
            case Problem.ORDER_REFUSED -> ExitCode.USAGE;
            default ->
                switch (problem.status()) {
                    case BAD_REQUEST, TOO_LARGE, LINE_TOO_LONG -> ExitCode.USAGE;
                    default -> ExitCode.UNABLE;
                };
        };
    }

    private static String sentence(ClientException.Refused refused) {
        Problem problem = refused.problem();
        String what = problem.detail() + (problem.detail().endsWith(".") ? "" : ".");
        String then =
                problem.retryAfterS().map(" Try again in %s s."::formatted).orElse("");
        String nothing = refused.write() ? " Nothing was written." : "";
        return switch (problem.code()) {
            case Problem.NO_PRIMARY, Problem.OVERLOADED -> what + nothing + then;
            case Problem.PARTITION_LOST, Problem.DISK_FULL -> what + nothing + " See: " + Settings.COMMAND + " status";
            default -> what + then;
        };
    }

    @Override
    public int handleParseException(ParameterException e, String[] arguments) {
        Output output = kvstore.output();
        CommandLine command = e.getCommandLine();
        boolean commandExpected = command.getParent() == null;
        if (commandExpected && e instanceof UnmatchedArgumentException unmatched && isWord(unmatched.getUnmatched())) {
            output.error(HelpCommand.unknown(command, unmatched.getUnmatched().getFirst())
                    .getMessage());
        } else {
            output.error(String.valueOf(e.getMessage()));
            if (Stream.of(arguments).anyMatch(argument -> isUnknownOption(command, argument))) {
                output.error("A word that begins with '-' but is no option comes after -- alone.");
            }
            output.error("Usage: %s"
                    .formatted(command.getHelp().synopsis("Usage: ".length()).strip()));
            output.error("For more: %s"
                    .formatted(
                            commandExpected
                                    ? Settings.COMMAND + " help"
                                    : Settings.COMMAND + " help " + command.getCommandName()));
        }
        return ExitCode.USAGE;
    }

    private static boolean isUnknownOption(CommandLine command, String argument) {
        String name = argument.replaceFirst("=.*", "");
        return argument.matches("-.+") && !command.getCommandSpec().optionsMap().containsKey(name);
    }

    private static boolean isWord(List<String> unmatched) {
        return !unmatched.isEmpty() && !unmatched.getFirst().startsWith("-");
    }
}
