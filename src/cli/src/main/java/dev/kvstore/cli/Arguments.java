package dev.kvstore.cli;

import dev.kvstore.cli.model.Utf8;
import dev.kvstore.cli.output.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The arguments as they were typed. Java decodes them by the locale and puts a replacement where it cannot: with {@code
 * LANG=C} every letter beyond ASCII would be stored as a question mark, and nobody would notice.
 */
final class Arguments {
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
    private static final char REPLACEMENT = '\uFFFD';

    private Arguments() {}

    /**
     * The arguments, read again from the system when Java may have changed them.
     *
     * @throws Failure when one is not UTF-8
     */
    static List<String> exact(List<String> decoded) {
        return exact(decoded, Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8")));
    }

    /** The same, where Java has decoded them by this charset. */
    static List<String> exact(List<String> decoded, Charset locale) {
        boolean trusted = locale.equals(StandardCharsets.UTF_8)
                && decoded.stream().noneMatch(argument -> argument.indexOf(REPLACEMENT) >= 0);
        if (trusted || !Files.isReadable(COMMAND_LINE)) {
            return decoded;
        }
        try {
            return last(Files.readAllBytes(COMMAND_LINE), decoded);
        } catch (IOException e) {
            return decoded;
        }
    }

    /** The last arguments of a command line in which each ends with a zero byte, as many as there are in {@code decoded}. */
    static List<String> last(byte[] commandLine, List<String> decoded) {
        List<byte[]> all = split(commandLine);
        if (all.size() < decoded.size()) {
            return decoded;
        }
        List<String> arguments = new ArrayList<>();
        for (byte[] argument : all.subList(all.size() - decoded.size(), all.size())) {
            arguments.add(
                    Utf8.decode(argument)
                            .orElseThrow(
                                    () -> Failure.usage(
                                            "An argument is not UTF-8. Give such a key with --key64, such a value on standard input (put KEY -).")));
        }
        return arguments;
    }

    private static List<byte[]> split(byte[] commandLine) {
        List<byte[]> arguments = new ArrayList<>();
        ByteArrayOutputStream argument = new ByteArrayOutputStream();
        for (byte b : commandLine) {
            if (b == 0) {
                arguments.add(argument.toByteArray());
                argument.reset();
            } else {
                argument.write(b);
            }
        }
        return arguments;
    }
}
