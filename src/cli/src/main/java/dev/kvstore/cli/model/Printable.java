package dev.kvstore.cli.model;

/** Makes text of unknown origin fit into one line of a terminal. */
public final class Printable {
    private Printable() {}

    /** The text with control characters written as escapes, so that none of them reaches the terminal. */
    public static String of(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.codePoints().forEach(c -> append(line, c));
        return line.toString();
    }

    private static void append(StringBuilder line, int codePoint) {
        switch (codePoint) {
            case '\n' -> line.append("\\n");
            case '\r' -> line.append("\\r");
            case '\t' -> line.append("\\t");
            default -> {
                if (Character.isISOControl(codePoint)) {
                    line.append("\\u%04x".formatted(codePoint));
                } else {
                    line.appendCodePoint(codePoint);
                }
            }
        }
    }
}
