package dev.kvstore.cli.local;

import dev.kvstore.cli.output.Failure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Lets one command at a time start processes and change their run files. The system releases it when the command ends. */
final class FolderLock implements AutoCloseable {
    private static final Duration WAIT = Duration.ofSeconds(15);
    private static final Duration RETRY = Duration.ofMillis(50);

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    static FolderLock take(DataFolder folder) throws InterruptedException {
        Path file = folder.lockFile();
        try {
            Files.createDirectories(file.getParent());
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            long endNs = System.nanoTime() + WAIT.toNanos();
            while (tryLock(channel) == null) {
                if (System.nanoTime() - endNs > 0) {
                    channel.close();
                    throw Failure.unable("Another kvstore command is starting nodes in %s. Try again when it is done."
                            .formatted(folder.root()));
                }
                Thread.sleep(RETRY);
            }
            return new FolderLock(channel);
        } catch (IOException e) {
            throw DataFolder.cannotWrite(file, e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw Failure.unable("Cannot release the lock: " + e, e);
        }
    }
}
