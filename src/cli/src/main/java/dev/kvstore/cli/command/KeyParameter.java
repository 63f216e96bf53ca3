package dev.kvstore.cli.command;

import dev.kvstore.cli.model.Key;
import dev.kvstore.cli.output.Failure;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The key of a command. */
public final class KeyParameter {
    @Parameters(index = "0", paramLabel = "KEY", description = "The key, as text.")
    private String text = "";

    @Option(names = "--key64", description = "KEY is written in base64url, so that it may be any bytes.")
    private boolean base64;

    /**
     * The key.
     *
     * @throws Failure when it is none
     */
    public Key key() {
        try {
            return base64 ? Key.ofBase64(text) : Key.of(text);
        } catch (IllegalArgumentException e) {
            throw Failure.usage(String.valueOf(e.getMessage()));
        }
    }
}
