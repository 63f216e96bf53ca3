package dev.kvstore.cli.command;

import dev.kvstore.cli.local.Settings;
import dev.kvstore.cli.model.NodeAddress;
import dev.kvstore.cli.output.Output;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * What commands share with the process, or with the prompt that runs them.
 *
 * @param in standard input
 * @param prompt runs the prompt, which the program without a command is
 * @param atPrompt commands come from the prompt, so standard input is not theirs
 * @param defaults what holds for a command that does not say otherwise
 */
public record Session(
        Settings settings,
        Output output,
        InputStream in,
        Clock clock,
        Prompting prompt,
        boolean atPrompt,
        Defaults defaults) {
    /** A session of one command. */
    public static Session of(Settings settings, Output output, InputStream in, Prompting prompt) {
        Defaults defaults = new Defaults(List.of(), settings.defaultData(), Defaults.TIMEOUT, false);
        return new Session(settings, output, in, Clock.systemUTC(), prompt, false, defaults);
    }

    Session prompting(Defaults chosen) {
        return new Session(settings, output, in, clock, prompt, true, chosen);
    }

    /** Runs the prompt to its end. */
    public interface Prompting {
        /** {@code session} is that of its commands; {@code nodes} are those that they ask. */
        int run(Session session, List<NodeAddress> nodes);
    }

    /**
     * Options that the prompt hands on to each of its commands.
     *
     * @param nodes whom to ask; empty means the nodes of the data folder
     * @param data the data folder
     * @param timeout how long one node may take for one answer
     * @param verbose tell what goes on
     */
    public record Defaults(List<NodeAddress> nodes, Path data, Duration timeout, boolean verbose) {
        static final Duration TIMEOUT = Duration.ofSeconds(10);
    }
}
