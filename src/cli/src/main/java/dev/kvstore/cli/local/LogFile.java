package dev.kvstore.cli.local;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** What a node writes to its standard output and standard error. */
public record LogFile(Path path) {
    private static final long ROTATE_BYTES = 10L << 20;
    private static final int MAX_TAIL_BYTES = 1 << 20;
    private static final Duration FOLLOW_POLL = Duration.ofMillis(200);

    /** Puts a large file aside before a start, in the place of the one that was put aside before. */
    void rotate() throws IOException {
        Files.createDirectories(path.getParent());
        if (Files.exists(path) && Files.size(path) > ROTATE_BYTES) {
            Files.move(path, path.resolveSibling(path.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** The last lines, at most this many and at most 1 MiB of them; none when there is no such file. */
    public List<String> tail(int lines) throws IOException {
        if (!Files.exists(path)) {
            return List.of();
        }
        List<String> all =
                new String(lastBytes(), StandardCharsets.UTF_8).lines().toList();
        return all.subList(Math.max(0, all.size() - lines), all.size());
    }

    private byte[] lastBytes() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            long from = Math.max(0, file.length() - MAX_TAIL_BYTES);
            return read(file, from);
        }
    }

    private static byte[] read(RandomAccessFile file, long from) throws IOException {
        byte[] bytes = new byte[(int) Math.min(MAX_TAIL_BYTES, file.length() - from)];
        file.seek(from);
        file.readFully(bytes);
        return bytes;
    }

    /** Hands on what is added to the file from {@code from} on, until the thread is interrupted. */
    public void follow(long from, Consumer<byte[]> reader) throws IOException, InterruptedException {
        long position = from;
        while (true) {
            long size = size();
            if (size < position) {
                // put aside by a start of the node: a new file began
                position = 0;
            }
            if (size > position) {
                try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
                    byte[] added = read(file, position);
                    reader.accept(added);
                    position += added.length;
                }
            }
            Thread.sleep(FOLLOW_POLL);
        }
    }

    /** Its length in bytes, 0 when there is no such file. */
    public long size() throws IOException {
        return Files.exists(path) ? Files.size(path) : 0;
    }
}
