package dev.kvstore.node.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * Watches RocksDB's manifest, the list of the files that make up the store. RocksDB takes a manifest whose end is missing or
 * not whole for one that was being written when the process ended, and would then leave out the files that the end names,
 * with all that is in them. It only ever appends to a manifest, or begins another one; so what was once in it must be in it.
 * For one thread at a time.
 */
public final class Manifest {
    private static final Pattern CURRENT = Pattern.compile("MANIFEST-(\\d{6,18})\n");
    private static final int CHUNK_BYTES = 64 << 10;

    private final Path store;
    private CRC32C crc = new CRC32C();
    private long number = -1;
    private long bytes;

    /** Watches that of a store. */
    public Manifest(Path store) {
        this.store = store;
    }

    /**
     * A manifest's beginning that is known to be on disk.
     *
     * @param number of the manifest
     * @param bytes length of the beginning
     * @param checksum its CRC32C
     */
    public record Beginning(long number, long bytes, int checksum) {}

    /** Takes in what was appended since the last call, and syncs it. */
    public Beginning look() throws IOException {
        long now = current(store)
                .orElseThrow(() -> new IOException("the file CURRENT in " + store + " does not name a manifest"));
        if (now != number) {
            number = now;
            bytes = 0;
            crc = new CRC32C();
        }
        try (FileChannel channel = FileChannel.open(file(store, now), StandardOpenOption.READ)) {
            bytes += digest(channel, bytes, channel.size(), crc);
            // what is known must not be more than what a loss of power leaves
            channel.force(false);
        }
        return new Beginning(number, bytes, (int) crc.getValue());
    }

    /** Whether a store's manifest still has this beginning, or is another one by now. */
    public static boolean has(Path store, Beginning beginning) throws IOException {
        OptionalLong now = current(store);
        if (now.isEmpty() || now.getAsLong() != beginning.number()) {
            return true;
        }
        Path file = file(store, beginning.number());
        if (!Files.exists(file) || Files.size(file) < beginning.bytes()) {
            return false;
        }
        CRC32C crc = new CRC32C();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            digest(channel, 0, beginning.bytes(), crc);
        }
        return (int) crc.getValue() == beginning.checksum();
    }

    private static long digest(FileChannel channel, long from, long to, CRC32C crc) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
        long at = from;
        while (at < to) {
            chunk.clear().limit((int) Math.min(CHUNK_BYTES, to - at));
            int read = channel.read(chunk, at);
            if (read < 0) {
                break;
            }
            crc.update(chunk.flip());
            at += read;
        }
        return at - from;
    }

    /** The number of the manifest in use; empty when that is damaged, which RocksDB itself notices. */
    private static OptionalLong current(Path store) throws IOException {
        Path file = store.resolve("CURRENT");
        if (!Files.exists(file)) {
            return OptionalLong.empty();
        }
        Matcher matcher = CURRENT.matcher(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
        return matcher.matches() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
    }

    private static Path file(Path store, long number) {
        return store.resolve("MANIFEST-%06d".formatted(number));
    }
}
