package dev.kvstore.node.storage;

import dev.kvstore.node.storage.rocks.Tuning;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Bounds and times of a store.
 *
 * @param lockWaitMs how long opening waits for another process to leave the folder, in milliseconds
 * @param minFreeBytes below this free space the disk counts as full; what is left is for the ring and for clearing up
 * @param checkMs between two looks at the free space, in milliseconds
 * @param retryMs pause before a failed write is tried again, in milliseconds; it doubles each time
 * @param retryMaxMs longest such pause, in milliseconds
 * @param giveUpMs a write that fails for so long, not for want of room, will not succeed in this process, in milliseconds
 * @param groupBytes about how many bytes of writes share a sync
 * @param pageBytes about how many bytes a page of a scan has at most; it has at least one key
 * @param snapshotPartBytes about how many bytes a part of a snapshot has; it has at least one key
 * @param tableFileBytes about how many bytes a table file has that is made of a snapshot
 * @param readThreads threads for scans, reads of the log and searches for expired keys
 * @param closeWaitMs how long closing waits for what is under way, in milliseconds
 * @param tuning bounds of RocksDB
 * @param libraryFolder where the native library is unpacked to; null for {@code lib} in the data folder
 */
public record StorageSettings(
        long lockWaitMs,
        long minFreeBytes,
        long checkMs,
        long retryMs,
        long retryMaxMs,
        long giveUpMs,
        int groupBytes,
        int pageBytes,
        int snapshotPartBytes,
        long tableFileBytes,
        int readThreads,
        long closeWaitMs,
        Tuning tuning,
        @Nullable Path libraryFolder) {
    /** What a node uses unless it is told otherwise; made for a container of 512 MiB. */
    public static final StorageSettings DEFAULT = new StorageSettings(
            0,
            64L << 20,
            1_000,
            100,
            1_000,
            30_000,
            8 << 20,
            4 << 20,
            256 << 10,
            32L << 20,
            2,
            10_000,
            new Tuning(64L << 20, 64L << 20, 128L << 20, 2),
            null);

    /** The same with another wait for the folder, in milliseconds. */
    public StorageSettings withLockWaitMs(long ms) {
        return new StorageSettings(
                ms,
                minFreeBytes,
                checkMs,
                retryMs,
                retryMaxMs,
                giveUpMs,
                groupBytes,
                pageBytes,
                snapshotPartBytes,
                tableFileBytes,
                readThreads,
                closeWaitMs,
                tuning,
                libraryFolder);
    }

    /** The same with another least free space, in bytes. */
    public StorageSettings withMinFreeBytes(long bytes) {
        return new StorageSettings(
                lockWaitMs,
                bytes,
                checkMs,
                retryMs,
                retryMaxMs,
                giveUpMs,
                groupBytes,
                pageBytes,
                snapshotPartBytes,
                tableFileBytes,
                readThreads,
                closeWaitMs,
                tuning,
                libraryFolder);
    }

    /** The same with other sizes of pages and of parts of a snapshot, in bytes. */
    public StorageSettings withPages(int ofScan, int ofSnapshot) {
        return new StorageSettings(
                lockWaitMs,
                minFreeBytes,
                checkMs,
                retryMs,
                retryMaxMs,
                giveUpMs,
                groupBytes,
                ofScan,
                ofSnapshot,
                tableFileBytes,
                readThreads,
                closeWaitMs,
                tuning,
                libraryFolder);
    }

    /** The same with another size of table files that are made of snapshots, in bytes. */
    public StorageSettings withTableFileBytes(long bytes) {
        return new StorageSettings(
                lockWaitMs,
                minFreeBytes,
                checkMs,
                retryMs,
                retryMaxMs,
                giveUpMs,
                groupBytes,
                pageBytes,
                snapshotPartBytes,
                bytes,
                readThreads,
                closeWaitMs,
                tuning,
                libraryFolder);
    }

    /** The same with other bounds of RocksDB. */
    public StorageSettings withTuning(Tuning other) {
        return new StorageSettings(
                lockWaitMs,
                minFreeBytes,
                checkMs,
                retryMs,
                retryMaxMs,
                giveUpMs,
                groupBytes,
                pageBytes,
                snapshotPartBytes,
                tableFileBytes,
                readThreads,
                closeWaitMs,
                other,
                libraryFolder);
    }

    /** The same with another folder for the native library. */
    public StorageSettings withLibraryFolder(Path folder) {
        return new StorageSettings(
                lockWaitMs,
                minFreeBytes,
                checkMs,
                retryMs,
                retryMaxMs,
                giveUpMs,
                groupBytes,
                pageBytes,
                snapshotPartBytes,
                tableFileBytes,
                readThreads,
                closeWaitMs,
                tuning,
                folder);
    }

    /** The same with another time after which failing writes are given up, in milliseconds. */
    public StorageSettings withGiveUpMs(long ms) {
        return new StorageSettings(
                lockWaitMs,
                minFreeBytes,
                checkMs,
                retryMs,
                retryMaxMs,
                ms,
                groupBytes,
                pageBytes,
                snapshotPartBytes,
                tableFileBytes,
                readThreads,
                closeWaitMs,
                tuning,
                libraryFolder);
    }
}
