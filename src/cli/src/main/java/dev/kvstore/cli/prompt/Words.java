package dev.kvstore.cli.prompt;

import dev.kvstore.cli.output.Failure;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a line into words as a shell does: blanks part them, quotes of either kind hold them together, a backslash takes
 * the next character as it is (not within single quotes), and {@code #} at the start of a word begins a comment.
 */
public final class Words {
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean open;
    private char quote;

    private Words() {}

    /**
     * The words of a line.
     *
     * @throws Failure when a quote or an escape is not closed
     */
    public static List<String> of(String line) {
        Words words = new Words();
        int at = 0;
        while (at < line.length()) {
            char c = line.charAt(at);
            if (c == '#' && !words.open) {
                break;
            }
            if (c == '\\' && words.quote != '\'') {
                at++;
                if (at == line.length()) {
                    throw Failure.usage("The line ends with a backslash.");
                }
                words.append(line.charAt(at));
            } else {
                words.take(c);
            }
            at++;
        }
        if (words.quote != 0) {
            throw Failure.usage("A quote (%s) is not closed.".formatted(words.quote));
        }
        words.close();
        return words.words;
    }

    private void take(char c) {
        if (quote != 0) {
            if (c == quote) {
                quote = 0;
            } else {
                append(c);
            }
        } else if (c == '\'' || c == '"') {
            quote = c;
            open = true;
        } else if (Character.isWhitespace(c)) {
            close();
        } else {
            append(c);
        }
    }

    private void append(char c) {
        open = true;
        word.append(c);
    }

    private void close() {
        if (open) {
            words.add(word.toString());
            word.setLength(0);
            open = false;
        }
    }
}
