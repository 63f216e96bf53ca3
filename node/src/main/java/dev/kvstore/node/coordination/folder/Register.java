package dev.kvstore.node.coordination.folder;

import dev.kvstore.core.io.Input.Proposed.Result;
import dev.kvstore.node.coordination.CoordinationMetrics;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A document that changes by compare-and-set: each state of it is a numbered file, and a token is the number of one, "" for
 * the state before the first. For one thread.
 */
final class Register<T> {
    private static final Logger LOG = Logger.getLogger(Register.class);

    /** A listed file may be removed before it is read; then newer ones have come, so that few attempts suffice. */
    private static final int READ_ATTEMPTS = 5;

    private final NumberedFiles files;
    private final Format<T> format;
    private final CoordinationMetrics metrics;
    private final Set<Long> complainedOf = new HashSet<>();

    Register(NumberedFiles files, Format<T> format, CoordinationMetrics metrics) {
        this.files = files;
        this.format = format;
        this.metrics = metrics;
    }

    /** A state of the register; {@code value} is null when nothing was ever written. */
    record State<T>(String token, @Nullable T value) {}

    /** How a compare-and-set ended; {@code token} names the new state when it was won, else the one before. */
    record Outcome(Result result, String token) {}

    /**
     * The newest state that can be understood. Newer ones that cannot are an alarm; until a human has removed them every
     * compare-and-set is lost, since nobody may pass over a state that others have perhaps acted on.
     *
     * @throws IOException when there is none though there are files, or on failure
     */
    State<T> read() throws IOException {
        for (int attempt = 0; attempt < READ_ATTEMPTS; attempt++) {
            List<Long> numbers = files.numbers();
            if (numbers.isEmpty()) {
                return new State<>("", null);
            }
            try {
                return newestOf(numbers);
            } catch (NoSuchFileException e) {
                LOG.debugf("%s was removed meanwhile", e.getFile());
            }
        }
        throw new IOException("the files change faster than they can be read");
    }

    private State<T> newestOf(List<Long> numbers) throws IOException {
        for (long number : numbers.reversed()) {
            String text = files.read(number);
            try {
                return new State<>(Long.toString(number), format.read(text));
            } catch (Format.UnreadableException e) {
                complain(number, e);
            }
        }
        throw new IOException("no document can be understood");
    }

    private void complain(long number, Format.UnreadableException e) {
        if (complainedOf.add(number)) {
            metrics.countUnreadable();
            LOG.errorf(
                    "%s cannot be understood: %s. An older document counts, and nothing can be changed until the file is"
                            + " repaired or removed.",
                    files.path(number), e.getMessage());
        }
    }

    /** The number of the newest file, read or not; changes at every change. */
    long newest() throws IOException {
        return files.newest();
    }

    /**
     * Writes a new state if the token names the newest one.
     *
     * @throws IOException when that failed, and certainly had no effect
     */
    Outcome compareAndSet(String token, T value) throws IOException {
        long base = token.isEmpty() ? 0 : Long.parseLong(token);
        try {
            if (files.newest() != base || !files.create(base + 1, format.write(value))) {
                return new Outcome(Result.LOST, token);
            }
        } catch (UncertainException e) {
            metrics.countFailure();
            LOG.warnf("the outcome of a change is unknown: %s", e.getMessage());
            return new Outcome(Result.UNKNOWN, token);
        }
        tidy();
        return new Outcome(Result.WON, Long.toString(base + 1));
    }

    private void tidy() {
        try {
            files.prune();
        } catch (IOException e) {
            metrics.countFailure();
            LOG.debugf(e, "old files could not be removed");
        }
    }
}
