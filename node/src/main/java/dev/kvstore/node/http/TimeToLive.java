package dev.kvstore.node.http;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a time to live: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 2h}, {@code 1d}, or an ISO 8601 duration. */
final class TimeToLive {
    /** The longest that is taken: a hundred years. */
    static final Duration MAX = Duration.ofDays(36_525);

    private static final Pattern SHORT = Pattern.compile("(\\d{1,18})(ms|s|m|h|d)");

    private TimeToLive() {}

    /**
     * Milliseconds of the text; 0 for null.
     *
     * @throws ProblemException when it is no time to live
     */
    static long ms(@Nullable String text) {
        if (text == null) {
            return 0;
        }
        Duration duration = parse(text);
        if (duration.compareTo(Duration.ofMillis(1)) < 0 || duration.compareTo(MAX) > 0) {
            throw bad("the time to live is from 1ms to a hundred years (36525d)");
        }
        return duration.toMillis();
    }

    private static Duration parse(String text) {
        Matcher matcher = SHORT.matcher(text);
        try {
            if (!matcher.matches()) {
                return Duration.parse(text);
            }
            long number = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                default -> Duration.ofDays(number);
            };
        } catch (DateTimeParseException | ArithmeticException e) {
            throw bad("'" + text
                    + "' is no time to live; write 500ms, 30s, 5m, 2h, 1d, or an ISO 8601 duration as PT30S");
        }
    }

    private static ProblemException bad(String detail) {
        return new ProblemException(ProblemCode.BAD_TTL, detail);
    }
}
