package dev.kvstore.cli.prompt;

import dev.kvstore.cli.output.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** Lines that a person types, with history and completion. */
public final class TerminalLines implements Lines, AutoCloseable {
    private static final String PROMPT = "kvstore> ";
    private static final int USUAL_COLUMNS = 80;
    private static final int USUAL_ROWS = 24;

    private final Terminal terminal;
    private final LineReader reader;

    /** Takes over the terminal that standard input and output are. */
    public TerminalLines(Path historyFile, Completion completion) {
        keepPrivate(historyFile);
        try {
            terminal = TerminalBuilder.builder().system(true).dumb(true).build();
        } catch (IOException e) {
            throw Failure.unable("The terminal cannot be used: " + e.getMessage(), e);
        }
        if (terminal.getWidth() <= 0) {
            // some containers and serial lines do not know their size
            terminal.setSize(new Size(USUAL_COLUMNS, USUAL_ROWS));
        }
        // Ctrl-C ends the command that runs, not the prompt
        Thread worker = Thread.currentThread();
        terminal.handle(Terminal.Signal.INT, signal -> worker.interrupt());
        reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .variable(LineReader.HISTORY_FILE, historyFile)
                .completer((line, parsed, candidates) -> completion
                        .candidates(parsed.words().subList(0, parsed.wordIndex()), parsed.word())
                        .forEach(candidate -> candidates.add(new Candidate(candidate))))
                // a value may hold a !
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .build();
    }

    /** Lines may hold values that are nobody else's business. */
    private static void keepPrivate(Path historyFile) {
        try {
            if (Files.notExists(historyFile)) {
                Files.createFile(
                        historyFile,
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
        } catch (IOException | UnsupportedOperationException e) {
            // no home folder to write to, or no such permissions there: the prompt works without a history
            return;
        }
    }

    @Override
    public Optional<String> next() {
        while (true) {
            try {
                return Optional.of(reader.readLine(PROMPT));
            } catch (EndOfFileException e) {
                return Optional.empty();
            } catch (UserInterruptException e) {
                // Ctrl-C gives up the line, not the prompt
            }
        }
    }

    @Override
    public boolean interactive() {
        return true;
    }

    @Override
    public void close() {
        try {
            terminal.close();
        } catch (IOException e) {
            throw Failure.unable("The terminal cannot be given back: " + e.getMessage(), e);
        }
    }
}
