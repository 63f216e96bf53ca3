package dev.kvstore.cli;

import dev.kvstore.cli.local.Settings;
import dev.kvstore.cli.output.ExitCode;
import dev.kvstore.cli.output.Failure;
import dev.kvstore.cli.output.Output;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.util.List;
import java.util.Optional;

/** The program {@code kvstore}, without its nodes. */
public final class Main {
    private Main() {}

    /** Runs one command, or the prompt, and ends the process with one of {@link ExitCode}. */
    public static void main(String[] args) {
        Output output = new Output(
                new FileOutputStream(FileDescriptor.out), new FileOutputStream(FileDescriptor.err), isTerminal());
        System.exit(run(output, args));
    }

    private static int run(Output output, String[] args) {
        try {
            List<String> arguments = Arguments.exact(List.of(args));
            Settings settings = Settings.of(System.getenv(), System::getProperty);
            return Commands.run(Commands.session(settings, output, System.in), arguments);
        } catch (Failure e) {
            output.error(e.getMessage());
            return e.exitCode();
        } catch (OutOfMemoryError e) {
            output.error("There is not enough memory for this. Give the JVM more: JAVA_TOOL_OPTIONS=-Xmx1g");
            return ExitCode.UNABLE;
        }
    }

    /** Whether a person is at both ends. */
    private static boolean isTerminal() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }
}
