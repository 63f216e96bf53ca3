package dev.kvstore.node.storage;

import dev.kvstore.core.data.Stored;
import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Input;
import dev.kvstore.node.storage.format.DataRecord;
import dev.kvstore.node.storage.format.FormatException;
import dev.kvstore.node.storage.format.Keys;
import dev.kvstore.node.storage.format.SnapshotPart;
import dev.kvstore.node.storage.rocks.Batch;
import dev.kvstore.node.storage.rocks.Database;
import dev.kvstore.node.storage.rocks.Family;
import dev.kvstore.node.storage.rocks.TableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * The snapshots that are being received. Their parts, which come in the order of keys, are written into table files in a folder
 * of their own; with the last one RocksDB takes these files over as they are, all or none. So a snapshot goes past the
 * write-ahead log, and writes of other partitions do not wait for it. Only the index by time of expiry, which is small and of
 * another order, is written as usual.
 *
 * <p>The logger's thread begins and ends an install with the write that says so, one other thread brings the parts. An install
 * that was ended changes nothing any more once {@link #end} has returned, so that what is written after it is on top.
 */
final class Installs {
    private static final Logger LOG = Logger.getLogger(Installs.class);

    private final Database database;
    private final Copies copies;
    private final DiskGuard disk;
    private final StorageMetrics metrics;
    private final Path folder;
    private final long fileBytes;
    private final Map<Integer, Install> open = new ConcurrentHashMap<>();

    Installs(Opening.Opened store, DiskGuard disk, StorageMetrics metrics, StorageSettings settings) {
        this.database = store.database();
        this.copies = store.positions();
        this.folder = store.incoming();
        this.disk = disk;
        this.metrics = metrics;
        this.fileBytes = settings.tableFileBytes();
    }

    /**
     * A snapshot of the partition may come from now on.
     *
     * @param emptied whether the same write removes what was there
     */
    void begin(int partition, long id, boolean emptied) {
        end(partition);
        open.put(partition, new Install(partition, id, emptied));
    }

    /** No part of a snapshot of the partition is taken any more. */
    void end(int partition) {
        Install install = open.remove(partition);
        if (install != null) {
            install.close();
        }
    }

    /** Ends all. */
    void endAll() {
        List.copyOf(open.keySet()).forEach(this::end);
    }

    /** Takes a part; null when nobody waits for it any more. */
    @Nullable
    Input take(Effect.InstallPart part) {
        Install install = open.get(part.partition());
        if (install == null || install.id != part.install()) {
            return null;
        }
        try {
            return install.take(part) ? new Input.PartInstalled(part.partition(), part.install(), part.index()) : null;
        } catch (RocksDBException | FormatException e) {
            install.close();
            return new Input.InstallRefused(part.partition(), part.install(), String.valueOf(e.getMessage()));
        }
    }

    private final class Install {
        private final int partition;
        private final long id;
        private final boolean emptied;
        private final List<TableFile> files = new ArrayList<>();
        private @Nullable TableFile writing;
        private int next;
        private boolean closed;

        private Install(int partition, long id, boolean emptied) {
            this.partition = partition;
            this.id = id;
            this.emptied = emptied;
        }

        private synchronized boolean take(Effect.InstallPart part) throws RocksDBException, FormatException {
            if (closed || part.index() != next) {
                return false;
            }
            if (disk.refuses()) {
                throw new RocksDBException("the disk takes no writes");
            }
            next++;
            write(SnapshotPart.decode(part.data()));
            if (part.last()) {
                finishFile();
                ingest();
            } else if (writing != null && writing.sizeBytes() >= fileBytes) {
                finishFile();
            }
            return true;
        }

        private void write(List<SnapshotPart.Pair> pairs) throws RocksDBException, FormatException {
            try (Batch expiries = database.batch()) {
                for (SnapshotPart.Pair pair : pairs) {
                    Stored stored = DataRecord.decodeHeader(pair.record(), pair.record().length);
                    file().put(Keys.data(partition, pair.userKey()), pair.record());
                    if (stored.expiresAtMs() != 0) {
                        copies.setExpiring(partition);
                        expiries.put(
                                Family.EXPIRY,
                                Keys.expiry(partition, stored.expiresAtMs(), pair.userKey()),
                                new byte[0]);
                    }
                }
                if (!expiries.isEmpty()) {
                    database.write(expiries);
                }
            }
        }

        private TableFile file() throws RocksDBException {
            TableFile current = writing;
            if (current == null) {
                current = database.tableFile(folder.resolve(partition + "-" + id + "-" + files.size() + ".sst"));
                writing = current;
                files.add(current);
            }
            return current;
        }

        private void finishFile() throws RocksDBException {
            if (writing != null) {
                writing.finish();
                metrics.installed(writing.sizeBytes());
                writing = null;
            }
        }

        private void ingest() throws RocksDBException {
            if (files.isEmpty()) {
                return;
            }
            if (emptied) {
                // RocksDB would do it itself, since the removal still waits in memory, but with all writers standing
                // still
                database.flush();
            }
            database.ingest(files);
        }

        private synchronized void close() {
            closed = true;
            for (TableFile file : files) {
                file.close();
                try {
                    Files.deleteIfExists(file.path());
                } catch (IOException e) {
                    // the next start removes it
                    LOG.warnf("%s cannot be removed: %s", file.path(), e.getMessage());
                }
            }
            files.clear();
            writing = null;
        }
    }
}
