package dev.kvstore.cli;

import dev.kvstore.cli.command.KvstoreCommand;
import dev.kvstore.cli.command.Session;
import dev.kvstore.cli.command.keys.DeleteCommand;
import dev.kvstore.cli.command.keys.GetCommand;
import dev.kvstore.cli.command.keys.ListCommand;
import dev.kvstore.cli.command.keys.LocateCommand;
import dev.kvstore.cli.command.keys.PutCommand;
import dev.kvstore.cli.command.nodes.DoctorCommand;
import dev.kvstore.cli.command.nodes.DownCommand;
import dev.kvstore.cli.command.nodes.KillCommand;
import dev.kvstore.cli.command.nodes.LogsCommand;
import dev.kvstore.cli.command.nodes.StartCommand;
import dev.kvstore.cli.command.nodes.StatusCommand;
import dev.kvstore.cli.command.nodes.StopCommand;
import dev.kvstore.cli.command.nodes.UpCommand;
import dev.kvstore.cli.command.orders.AcceptLossCommand;
import dev.kvstore.cli.command.orders.ScaleCommand;
import dev.kvstore.cli.command.orders.SetCommand;
import dev.kvstore.cli.local.Settings;
import dev.kvstore.cli.model.Durations;
import dev.kvstore.cli.model.NodeAddress;
import dev.kvstore.cli.output.ExitCode;
import dev.kvstore.cli.output.Output;
import dev.kvstore.cli.output.OutputClosedException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Runs command lines. */
final class Commands {
    private static final int USAGE_COLUMNS = 110;

    private Commands() {}

    static Session session(Settings settings, Output output, InputStream in) {
        return Session.of(settings, output, in, PromptCommands::run);
    }

    /** Runs one command line, says what it has to say, and returns one of {@link ExitCode}. */
    static int run(Session session, List<String> arguments) {
        KvstoreCommand kvstore = new KvstoreCommand(session);
        CommandLine command = tree(kvstore);
        StringWriter help = new StringWriter();
        command.setOut(new PrintWriter(help));
        try {
            int exitCode = command.execute(arguments.toArray(String[]::new));
            session.output().raw(help.toString().getBytes(StandardCharsets.UTF_8));
            session.output().flush();
            return exitCode;
        } catch (OutputClosedException e) {
            if (e.readerHasGone()) {
                return ExitCode.OK;
            }
            session.output().error("The output cannot be written: " + e.getMessage());
            return ExitCode.UNABLE;
        }
    }

    /** All commands and options, ready to parse. */
    static CommandLine tree(KvstoreCommand kvstore) {
        CommandLine command = new CommandLine(kvstore)
                .addSubcommand(new UpCommand())
                .addSubcommand(new DownCommand())
                .addSubcommand(new PutCommand())
                .addSubcommand(new GetCommand())
                .addSubcommand(new DeleteCommand())
                .addSubcommand(new ListCommand())
                .addSubcommand(new LocateCommand())
                .addSubcommand(new StatusCommand())
                .addSubcommand(new DoctorCommand())
                .addSubcommand(new ScaleCommand())
                .addSubcommand(new SetCommand())
                .addSubcommand(new AcceptLossCommand())
                .addSubcommand(new StartCommand())
                .addSubcommand(new StopCommand())
                .addSubcommand(new KillCommand())
                .addSubcommand(new LogsCommand())
                .addSubcommand(new HelpCommand());
        command.getCommandSpec().versionProvider(new ProgramVersion());
        Failures failures = new Failures(kvstore);
        command.setExecutionExceptionHandler(failures)
                .setParameterExceptionHandler(failures)
                .registerConverter(NodeAddress.class, converter(NodeAddress::parse))
                .registerConverter(Duration.class, converter(Durations::parse))
                // a value may start with @
                .setExpandAtFiles(false)
                .setUsageHelpWidth(USAGE_COLUMNS)
                .setColorScheme(Help.defaultColorScheme(kvstore.output().terminal() ? Help.Ansi.AUTO : Help.Ansi.OFF));
        command.getSubcommands()
                .values()
                .forEach(sub -> sub.getCommandSpec().usageMessage().abbreviateSynopsis(true));
        command.getCommandSpec().usageMessage().abbreviateSynopsis(true);
        return command;
    }

    private static <T> ITypeConverter<T> converter(ITypeConverter<T> parse) {
        return text -> {
            try {
                return parse.convert(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        };
    }
}
