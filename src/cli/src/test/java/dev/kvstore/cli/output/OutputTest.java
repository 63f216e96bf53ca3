package dev.kvstore.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvstore.cli.model.Printable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What reaches the streams. */
class OutputTest {
    @Test
    void aFullDiskIsAFailureAndAGoneReaderIsNone() {
        Output full = new Output(failing("No space left on device"), new ByteArrayOutputStream(), false);
        full.line("x");
        assertThatThrownBy(full::flush)
                .isInstanceOfSatisfying(
                        OutputClosedException.class,
                        e -> assertThat(e.readerHasGone()).isFalse());
        Output gone = new Output(failing("Broken pipe"), new ByteArrayOutputStream(), false);
        gone.line("x");
        assertThatThrownBy(gone::flush)
                .isInstanceOfSatisfying(
                        OutputClosedException.class,
                        e -> assertThat(e.readerHasGone()).isTrue());
    }

    @Test
    void whatCouldNotBeWrittenIsNotForgotten() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Output full = new Output(failing("No space left on device"), err, false);
        assertThatThrownBy(() -> full.raw(new byte[100_000])).isInstanceOf(OutputClosedException.class);
        assertThatThrownBy(full::flush).isInstanceOf(OutputClosedException.class);
        full.error("told");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("told\n");
    }

    @Test
    void errorsComeAfterWhatWasPrintedBefore() {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        Output output = new Output(both, both, false);
        output.line("first");
        output.error("second");
        assertThat(both.toString(StandardCharsets.UTF_8)).isEqualTo("first\nsecond\n");
    }

    @Test
    void tablesAreAligned() {
        Table table = new Table("NODE", "STATE");
        table.row("node1", "up");
        table.row("n2", "");
        assertThat(table.lines()).containsExactly("NODE   STATE", "node1  up", "n2");
    }

    @Test
    void noControlCharacterReachesALine() {
        assertThat(Printable.of("a\nb\tc\u001b[31m\u0085h\u00e9")).isEqualTo("a\\nb\\tc\\u001b[31m\\u0085h\u00e9");
    }

    private static OutputStream failing(String why) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(why);
            }
        };
    }
}
