package dev.kvstore.node.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A file in the data folder that says that the store was found damaged while it was in use. Damage in a table file is met only
 * when that part of it is read: without the note the next start would take the store for sound, until it is met again.
 */
public final class DamageNote {
    private static final String FILE = "DAMAGED";

    private DamageNote() {}

    /** Where the note of a data folder is, if there is one. */
    public static Path in(Path data) {
        return data.resolve(FILE);
    }

    /** Leaves a note, synced. */
    public static void write(Path data, String reason) throws IOException {
        try (FileChannel channel = FileChannel.open(
                in(data), StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap((reason + "\n").getBytes(StandardCharsets.UTF_8)));
            channel.force(true);
        }
    }

    /** What the note of a data folder says; empty when there is none. */
    public static Optional<String> read(Path data) throws IOException {
        Path file = in(data);
        return Files.exists(file)
                ? Optional.of(
                        Files.readString(file, StandardCharsets.ISO_8859_1).strip())
                : Optional.empty();
    }
}
