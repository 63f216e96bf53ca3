package dev.kvstore.cli.model;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 500ms}, {@code 30s}, {@code 2m}, {@code 1h}. */
public final class Durations {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

    private Durations() {}

    /**
     * Reads a duration above zero.
     *
     * @throws IllegalArgumentException when it is not of the form
     */
    public static Duration parse(String text) {
        Matcher form = FORM.matcher(text);
        if (form.matches()) {
            long count = Long.parseLong(form.group(1));
            if (count > 0) {
                return switch (form.group(2)) {
                    case "ms" -> Duration.ofMillis(count);
                    case "s" -> Duration.ofSeconds(count);
                    case "m" -> Duration.ofMinutes(count);
                    default -> Duration.ofHours(count);
                };
            }
        }
        throw new IllegalArgumentException("'%s' is not a duration, as in 500ms, 30s, 2m or 1h".formatted(text));
    }

    /** In seconds when they are whole, else in milliseconds. */
    public static String text(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
