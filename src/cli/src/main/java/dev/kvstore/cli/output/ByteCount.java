package dev.kvstore.cli.output;

import java.util.Locale;
import java.util.OptionalLong;

/** Bytes for people. */
public final class ByteCount {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    private static final int STEP = 1_024;

    private ByteCount() {}

    /** Such as {@code 12 B}, {@code 3.4 MiB}; a hyphen when it is not known. */
    public static String text(OptionalLong bytes) {
        return bytes.isEmpty() ? "-" : text(bytes.getAsLong());
    }

    /** Such as {@code 12 B}, {@code 3.4 MiB}. */
    public static String text(long bytes) {
        double number = bytes;
        int unit = 0;
        while (number >= STEP && unit < UNITS.length - 1) {
            number /= STEP;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", number, UNITS[unit]);
    }
}
