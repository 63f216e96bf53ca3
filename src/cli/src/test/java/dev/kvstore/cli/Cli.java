package dev.kvstore.cli;

import dev.kvstore.cli.command.Session;
import dev.kvstore.cli.local.Settings;
import dev.kvstore.cli.output.Output;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Runs command lines within the test's process, and keeps what they print. */
final class Cli {
    private final Settings settings;
    private final List<String> always;
    private final boolean terminal;

    private Cli(Settings settings, List<String> always, boolean terminal) {
        this.settings = settings;
        this.always = always;
        this.terminal = terminal;
    }

    /** What a command line left behind. */
    record Result(int exitCode, byte[] bytes, String err) {
        String out() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /** In a project that lies in {@code home}. */
    static Cli in(Path home) {
        return new Cli(new Settings(home, "java", List.of(), home.resolve("history")), List.of(), false);
    }

    Cli java(Path program) {
        return new Cli(
                new Settings(settings.home(), program.toString(), List.of(), settings.historyFile()), always, terminal);
    }

    Cli asking(String... nodes) {
        return new Cli(settings, List.of("--node", String.join(",", nodes)), terminal);
    }

    Cli atTerminal() {
        return new Cli(settings, always, true);
    }

    Result run(String... arguments) {
        return runWith(new byte[0], arguments);
    }

    Result runWith(byte[] in, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Session session = Commands.session(settings, new Output(out, err, terminal), new ByteArrayInputStream(in));
        int exitCode = Commands.run(
                session, Stream.concat(always.stream(), Stream.of(arguments)).toList());
        return new Result(exitCode, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
    }
}
