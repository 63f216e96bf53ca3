package dev.kvstore.cli.command;

import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The option of commands that read. */
public final class OutputOption {
    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            converter = Converter.class,
            completionCandidates = Candidates.class,
            description = "text (for people, the default) or json (for programs).")
    Format format = Format.TEXT;

    /** For programs. */
    public boolean json() {
        return format == Format.JSON;
    }

    enum Format {
        TEXT,
        JSON
    }

    static final class Candidates implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of("text", "json").iterator();
        }
    }

    static final class Converter implements ITypeConverter<Format> {
        @Override
        public Format convert(String value) {
            return switch (value) {
                case "text" -> Format.TEXT;
                case "json" -> Format.JSON;
                default -> throw new TypeConversionException("'%s' is neither text nor json".formatted(value));
            };
        }
    }
}
