package dev.kvstore.testkit.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** A small disk in memory, mounted on a folder, that a test can fill. Mounting takes root. */
public final class SmallDisk implements AutoCloseable {

    private static final int CHUNK_BYTES = 1 << 20;

    private final Path folder;
    private final Path ballast;

    private SmallDisk(Path folder) {
        this.folder = folder;
        this.ballast = folder.resolve("ballast");
    }

    /**
     * Mounts one.
     *
     * @param folder where; it is created
     * @param bytes its size
     * @return the disk; empty when this user or this system cannot mount one
     * @throws IOException when the folder cannot be created
     * @throws InterruptedException when the caller is interrupted
     */
    public static Optional<SmallDisk> mount(Path folder, long bytes) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        try {
            Shell.run("mount", "-t", "tmpfs", "-o", "size=" + bytes, "tmpfs", folder.toString());
        } catch (IOException notAllowed) {
            return Optional.empty();
        }
        return Optional.of(new SmallDisk(folder));
    }

    /**
     * Fills it.
     *
     * @param leaveBytes what is left free, about
     * @throws IOException when that fails for another reason than want of room
     */
    public void fill(long leaveBytes) throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        while (freeBytes() > leaveBytes) {
            long bytes = Math.min(CHUNK_BYTES, freeBytes() - leaveBytes);
            Files.write(
                    ballast,
                    bytes == CHUNK_BYTES ? chunk : new byte[(int) bytes],
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
    }

    /**
     * Takes away what filled it.
     *
     * @throws IOException when that fails
     */
    public void empty() throws IOException {
        Files.deleteIfExists(ballast);
    }

    /**
     * The room that is left.
     *
     * @return bytes
     * @throws IOException when it cannot be found out
     */
    public long freeBytes() throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    /** Unmounts it, also while files on it are open. */
    @Override
    public void close() throws IOException {
        try {
            Shell.run("umount", "--lazy", folder.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
