package dev.kvstore.cli.prompt;

import dev.kvstore.cli.output.Failure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Lines of a file or of another program: no prompt is shown, and nothing is echoed. */
public final class PipedLines implements Lines {
    private final BufferedReader reader;

    /** Reads UTF-8. */
    public PipedLines(InputStream in) {
        this.reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    @Override
    public Optional<String> next() {
        try {
            return Optional.ofNullable(reader.readLine());
        } catch (IOException e) {
            throw Failure.unable("Standard input cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean interactive() {
        return false;
    }
}
