package dev.kvstore.node.storage;

import dev.kvstore.core.io.Recovered;
import dev.kvstore.node.storage.file.DataLock;
import dev.kvstore.node.storage.file.NativeLibrary;
import dev.kvstore.node.storage.file.SyncMark;
import dev.kvstore.node.storage.format.FormatException;
import dev.kvstore.node.storage.rocks.Batch;
import dev.kvstore.node.storage.rocks.Database;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/**
 * Opens a data folder: takes its lock, looks at what it holds without changing anything, and only when that is whole and this
 * member's own opens it for writing and counts the start.
 */
final class Opening {
    private static final String LOCK_FILE = "lock";
    private static final String LIBRARY_FOLDER = "lib";
    private static final String STORE_FOLDER = "store";
    private static final String MARK_FILE = "SYNCED";
    private static final String CURRENT_FILE = "CURRENT";

    private final Path data;
    private final Path store;
    private final Owner owner;
    private final StorageSettings settings;

    private Opening(Path data, Owner owner, StorageSettings settings) {
        this.data = data;
        this.store = data.resolve(STORE_FOLDER);
        this.owner = owner;
        this.settings = settings;
    }

    /** An open store, to be closed by whoever asked for it: mark, database, lock. */
    record Opened(
            Path folder, DataLock lock, SyncMark mark, Database database, Recovered recovered, Copies positions) {}

    private record Held(@Nullable Identity identity, Recovery.Found found) {}

    /** Opens the folder, which is made when it is missing. */
    static Opened open(Path data, Owner owner, StorageSettings settings) throws StorageException {
        Path absolute = data.toAbsolutePath().normalize();
        Opening opening = new Opening(absolute, owner, settings);
        DataLock lock = opening.lock();
        boolean opened = false;
        try {
            Opened store = opening.open(lock);
            opened = true;
            return store;
        } catch (IOException e) {
            throw new StorageException(
                    "data folder " + absolute + " cannot be used: " + text(e)
                            + ". Check that it exists, that this user may write to it, and that the disk has room",
                    e);
        } finally {
            if (!opened) {
                close(lock);
            }
        }
    }

    private DataLock lock() throws StorageException {
        try {
            Files.createDirectories(store);
            return DataLock.acquire(data.resolve(LOCK_FILE), settings.lockWaitMs());
        } catch (DataLock.HeldException e) {
            String pid = e.pid().isEmpty() ? "" : " (pid " + e.pid() + ")";
            throw new StorageException(
                    "data folder " + data + " is in use by another process" + pid
                            + ": stop that one, or give this node a folder of its own",
                    e);
        } catch (IOException e) {
            throw new StorageException(
                    "data folder " + data + " cannot be used: " + text(e)
                            + ". Check that this user may write to it and that the disk has room",
                    e);
        }
    }

    private Opened open(DataLock lock) throws StorageException, IOException {
        Path library = settings.libraryFolder();
        NativeLibrary.load(library == null ? data.resolve(LIBRARY_FOLDER) : library);
        Path markFile = store.resolve(MARK_FILE);
        // The mark is written last when a store is made: without it the store was never in use.
        boolean used = Files.exists(markFile);
        if (!Files.exists(store.resolve(CURRENT_FILE)) && (used || hasTables())) {
            // RocksDB would take the folder for a new one and clear it
            throw StorageException.damaged(store, "its file " + CURRENT_FILE + " is missing");
        }
        Held held = used ? inspectUsed(SyncMark.read(markFile)) : null;
        Database database = null;
        SyncMark mark = null;
        boolean opened = false;
        try {
            database = Database.open(store, settings.tuning(), !used);
            if (held == null) {
                held = inspect(database);
            }
            Identity identity = (held.identity() == null ? Identity.fresh(owner.name()) : held.identity()).started();
            try (Batch batch = database.batch()) {
                identity.write(batch);
                database.write(batch);
            }
            database.sync();
            mark = SyncMark.open(markFile, database.latestSequence());
            syncFolder(store);
            syncFolder(data);
            Recovered recovered = new Recovered(
                    identity.storeId(),
                    identity.boot(),
                    identity.clusterId(),
                    identity.ring(),
                    held.found().copies());
            opened = true;
            return new Opened(
                    store, lock, mark, database, recovered, held.found().positions());
        } catch (RocksDBException e) {
            throw explain(e);
        } catch (FormatException e) {
            throw StorageException.unreadable(store, text(e));
        } finally {
            if (!opened) {
                if (mark != null) {
                    mark.close();
                }
                if (database != null) {
                    database.close();
                }
            }
        }
    }

    private Held inspectUsed(long mark) throws StorageException {
        try (Database database = Database.openReadOnly(store, settings.tuning())) {
            if (database.latestSequence() < mark) {
                throw StorageException.damaged(
                        store,
                        "its write-ahead log (*.log) ends at write " + database.latestSequence() + ", but write " + mark
                                + " was on disk");
            }
            Held held = inspect(database);
            if (held.identity() == null) {
                throw StorageException.damaged(store, "it does not say whose it is");
            }
            return held;
        } catch (RocksDBException e) {
            throw explain(e);
        } catch (FormatException e) {
            throw StorageException.unreadable(store, text(e));
        }
    }

    private Held inspect(Database database) throws StorageException, RocksDBException, FormatException {
        Identity identity = Identity.read(database);
        if (identity != null && !identity.name().equals(owner.name())) {
            throw new StorageException("data folder " + data + " belongs to node '" + identity.name() + "', not to '"
                    + owner.name() + "': start it under that name, or give this node a folder of its own");
        }
        String cluster = identity == null ? "" : identity.clusterId();
        // A folder that was mixed up must not be served, nor its copies be thrown away as left over.
        if (!cluster.isEmpty() && !owner.clusterId().isEmpty() && !cluster.equals(owner.clusterId())) {
            throw new StorageException("data folder " + data + " belongs to the cluster " + cluster
                    + ", but the coordination to the cluster " + owner.clusterId()
                    + ": give the folders that belong together, or a new data folder to join as a new member");
        }
        return new Held(identity, Recovery.run(database));
    }

    private StorageException explain(RocksDBException e) {
        Status status = e.getStatus();
        if (status != null && status.getSubCode() == Status.SubCode.NoSpace) {
            return new StorageException(
                    "the store in " + store + " cannot be opened: the disk is full. Make room there", e);
        }
        String text = text(e);
        if (text.contains("lock ") && text.contains("LOCK")) {
            return new StorageException(
                    "data folder " + data
                            + " is in use by another process: stop that one, or give this node a folder of"
                            + " its own",
                    e);
        }
        if (text.contains("Permission denied") || text.contains("Read-only file system")) {
            return new StorageException(
                    "the store in " + store + " cannot be opened: " + text + ". Check that this user may write there",
                    e);
        }
        return StorageException.damaged(store, text);
    }

    private boolean hasTables() throws IOException {
        try (Stream<Path> files = Files.list(store)) {
            return files.anyMatch(file -> file.toString().endsWith(".sst"));
        }
    }

    private static void syncFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void close(DataLock lock) throws StorageException {
        try {
            lock.close();
        } catch (IOException e) {
            throw new StorageException("the lock of the data folder cannot be closed: " + text(e), e);
        }
    }

    /** An exception's own words; some have only a name. */
    private static String text(Exception e) {
        String message = e.getMessage();
        return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
    }
}
