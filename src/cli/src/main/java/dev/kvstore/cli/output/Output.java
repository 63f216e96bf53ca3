package dev.kvstore.cli.output;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Standard output and standard error of one command. Text is UTF-8 whatever the locale says, because keys are. A failing
 * standard output throws {@link OutputClosedException}: a value that was cut short must not look like success.
 */
public final class Output {
    private final OutputStream out;
    private final OutputStream err;
    private final boolean terminal;
    private @Nullable IOException failed;

    /** {@code terminal}: a person reads this, not a file or a program. */
    public Output(OutputStream out, OutputStream err, boolean terminal) {
        this.out = new BufferedOutputStream(out);
        this.err = err;
        this.terminal = terminal;
    }

    /** Whether a person reads this. */
    public boolean terminal() {
        return terminal;
    }

    /** One line on standard output. */
    public void line(String text) {
        raw((text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** One line on standard output which is seen at once, not when the command ends. */
    public void progress(String text) {
        line(text);
        flush();
    }

    /** These bytes and nothing else. */
    public void raw(byte[] bytes) {
        attempt(() -> out.write(bytes));
    }

    /** Hands over what is buffered. */
    public void flush() {
        attempt(out::flush);
    }

    /** Once failed, standard output stays so: what comes later would hide that something is missing. */
    private void attempt(Writing writing) {
        if (failed == null) {
            try {
                writing.run();
                return;
            } catch (IOException e) {
                failed = e;
            }
        }
        throw new OutputClosedException(failed);
    }

    /** One line on standard error, after what standard output has so far. */
    public void error(String text) {
        try {
            out.flush();
        } catch (IOException e) {
            failed = e;
        }
        try {
            err.write((text + "\n").getBytes(StandardCharsets.UTF_8));
            err.flush();
        } catch (IOException e) {
            // nobody can be told any more; the exit code still says it
            return;
        }
    }

    private interface Writing {
        void run() throws IOException;
    }
}
