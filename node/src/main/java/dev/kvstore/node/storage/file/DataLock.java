package dev.kvstore.node.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Holds a data folder for one process. The operating system frees it when the process ends, however it ends; a process that
 * is frozen keeps it, as it must, since it may write on when it thaws.
 */
public final class DataLock implements AutoCloseable {
    private static final long RETRY_MS = 100;
    private static final Pattern PID = Pattern.compile("[0-9]{1,10}");

    private final FileChannel channel;

    private DataLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Another process holds the folder. */
    public static final class HeldException extends IOException {
        private static final long serialVersionUID = 1L;

        private final String pid;

        private HeldException(String pid) {
            super("held by process " + pid);
            this.pid = pid;
        }

        /** The other process' number as far as known, else empty. */
        public String pid() {
            return pid;
        }
    }

    /**
     * Takes the lock.
     *
     * @param file the lock's file, which is made when it is missing and never removed
     * @param waitMs how long to wait for another process to end, in milliseconds
     * @throws HeldException when another process still holds it then
     */
    public static DataLock acquire(Path file, long waitMs) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            long since = System.nanoTime();
            while (tryLock(channel) == null) {
                long leftMs = waitMs - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
                if (leftMs <= 0) {
                    throw new HeldException(holder(file));
                }
                TimeUnit.MILLISECONDS.sleep(Math.min(leftMs, RETRY_MS));
            }
            byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(pid), 0);
            return new DataLock(channel);
        } catch (InterruptedException e) {
            channel.close();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + file, e);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // this very process holds it
            return null;
        }
    }

    private static String holder(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        return PID.matcher(text).matches() ? text : "";
    }
}
