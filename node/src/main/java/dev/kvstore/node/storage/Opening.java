package dev.kvstore.node.storage;

import dev.kvstore.core.io.Recovered;
import dev.kvstore.node.storage.file.DamageNote;
import dev.kvstore.node.storage.file.DataLock;
import dev.kvstore.node.storage.file.Manifest;
import dev.kvstore.node.storage.file.NativeLibrary;
import dev.kvstore.node.storage.file.SyncMark;
import dev.kvstore.node.storage.format.FormatException;
import dev.kvstore.node.storage.rocks.Batch;
import dev.kvstore.node.storage.rocks.Database;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
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
    private static final String DISCARDED_FOLDER = "store.discarded";
    private static final String INCOMING_FOLDER = "incoming";
    private static final Logger LOG = Logger.getLogger(Opening.class);

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
            Path data,
            Path folder,
            Path incoming,
            DataLock lock,
            SyncMark mark,
            Manifest manifest,
            Database database,
            Recovered recovered,
            Copies positions) {}

    private record Held(@Nullable Identity identity, Recovery.Found found) {
        /** Whether it holds more than the making of a store leaves. */
        private boolean inUse() {
            return identity != null
                    && (identity.boot() > 1
                            || identity.ring() != null
                            || !found.copies().isEmpty());
        }
    }

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

    /** Removes the store, unless it can be read and is another's. */
    static void discard(Path data, Owner owner, StorageSettings settings) throws StorageException {
        Path absolute = data.toAbsolutePath().normalize();
        Opening opening = new Opening(absolute, owner, settings);
        DataLock lock = opening.lock();
        try {
            opening.discard();
        } catch (IOException e) {
            throw new StorageException("the store in " + opening.store + " cannot be removed: " + text(e), e);
        } finally {
            close(lock);
        }
    }

    private void discard() throws StorageException, IOException {
        NativeLibrary.load(library());
        try (Database database = Database.openReadOnly(store, settings.tuning())) {
            requireOwn(Identity.read(database));
        } catch (RocksDBException | FormatException e) {
            LOG.infof("the store in %s cannot be read, as it was said: %s", store, text(e));
        }
        // Aside first, in one step: half a store must never be taken for a whole one.
        Path discarded = data.resolve(DISCARDED_FOLDER);
        remove(discarded);
        Files.move(store, discarded, StandardCopyOption.ATOMIC_MOVE);
        Files.createDirectory(store);
        syncFolder(data);
        remove(discarded);
        Files.deleteIfExists(DamageNote.in(data));
        syncFolder(data);
    }

    private static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(folder)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : deepestFirst) {
            Files.delete(each);
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
        NativeLibrary.load(library());
        // left by a process that was ended while it discarded
        remove(data.resolve(DISCARDED_FOLDER));
        // half a snapshot, which is asked for again
        Path incoming = data.resolve(INCOMING_FOLDER);
        remove(incoming);
        Path markFile = store.resolve(MARK_FILE);
        Optional<String> note = DamageNote.read(data);
        if (note.isPresent()) {
            throw StorageException.foundDamaged(store, DamageNote.in(data), note.get());
        }
        boolean marked = Files.exists(markFile);
        if (!Files.exists(store.resolve(CURRENT_FILE)) && (marked || hasContent())) {
            // RocksDB would take the folder for a new one and clear it
            throw StorageException.damaged(store, "its file " + CURRENT_FILE + " is missing");
        }
        // The mark is written last when a store is made: without it the store was never in use.
        Optional<SyncMark.Mark> mark = marked ? readMark(markFile) : Optional.empty();
        boolean used = mark.isPresent();
        Held held = used ? inspectUsed(mark.get()) : null;
        Database database = null;
        Manifest manifest = new Manifest(store);
        SyncMark newMark = null;
        boolean opened = false;
        try {
            database = Database.open(store, settings.tuning(), !used);
            if (held == null) {
                held = inspect(database);
                if (held.inUse()) {
                    throw StorageException.damaged(store, "its file " + MARK_FILE + " is missing or not whole");
                }
            }
            Identity identity = (held.identity() == null ? Identity.fresh(owner.name()) : held.identity()).started();
            try (Batch batch = database.batch()) {
                identity.write(batch);
                database.write(batch);
            }
            database.sync();
            newMark = SyncMark.open(markFile, new SyncMark.Mark(database.latestSequence(), manifest.look()));
            syncFolder(store);
            Files.createDirectories(incoming);
            syncFolder(data);
            Recovered recovered = new Recovered(
                    identity.storeId(),
                    identity.boot(),
                    identity.clusterId(),
                    identity.ring(),
                    held.found().copies());
            opened = true;
            return new Opened(
                    data,
                    store,
                    incoming,
                    lock,
                    newMark,
                    manifest,
                    database,
                    recovered,
                    held.found().positions());
        } catch (RocksDBException e) {
            throw explain(e);
        } catch (FormatException e) {
            throw explain(e);
        } finally {
            if (!opened) {
                if (newMark != null) {
                    newMark.close();
                }
                if (database != null) {
                    database.close();
                }
            }
        }
    }

    private Optional<SyncMark.Mark> readMark(Path file) throws StorageException, IOException {
        try {
            return SyncMark.read(file);
        } catch (FormatException e) {
            throw explain(e);
        }
    }

    private Held inspectUsed(SyncMark.Mark mark) throws StorageException, IOException {
        if (!Manifest.has(store, mark.manifest())) {
            throw StorageException.damaged(
                    store,
                    "its file MANIFEST-%06d has lost or changed some of its first %d bytes"
                            .formatted(mark.manifest().number(), mark.manifest().bytes()));
        }
        try (Database database = Database.openReadOnly(store, settings.tuning())) {
            if (database.latestSequence() < mark.sequence()) {
                throw StorageException.damaged(
                        store,
                        "its write-ahead log (*.log) ends at write " + database.latestSequence() + ", but write "
                                + mark.sequence()
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
            throw explain(e);
        }
    }

    private Path library() {
        Path folder = settings.libraryFolder();
        return folder == null ? data.resolve(LIBRARY_FOLDER) : folder;
    }

    private Held inspect(Database database) throws StorageException, RocksDBException, FormatException {
        Identity identity = Identity.read(database);
        requireOwn(identity);
        return new Held(identity, Recovery.run(database));
    }

    private void requireOwn(@Nullable Identity identity) throws StorageException {
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

    private StorageException explain(FormatException e) {
        return e.isOtherVersion()
                ? StorageException.otherVersion(store, text(e))
                : StorageException.unreadable(store, text(e));
    }

    /** RocksDB writes the file CURRENT before any of these. */
    private boolean hasContent() throws IOException {
        try (Stream<Path> files = Files.list(store)) {
            return files.anyMatch(
                    file -> file.toString().endsWith(".sst") || file.toString().endsWith(".log"));
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
