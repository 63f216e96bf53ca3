package dev.kvstore.node.storage;

import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Input;
import dev.kvstore.core.io.Recovered;
import dev.kvstore.node.storage.file.DamageNote;
import dev.kvstore.node.storage.format.FormatException;
import dev.kvstore.node.storage.format.Keys;
import dev.kvstore.node.storage.rocks.Family;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/**
 * A member's disk. It carries out those effects of the core that concern it and answers by inputs:
 *
 * <ul>
 *   <li>a persist on the logger's thread, many with one sync ({@link LogWriter});
 *   <li>an apply on the applier's thread, with the opening and closing of snapshots in their order ({@link Applier});
 *   <li>a look-up on the caller's own thread, answered before {@link #add} returns: most are found in memory, where handing
 *       them over would cost more than they do;
 *   <li>scans, reads of the log, and the search for expired keys on a few threads that read, in any order;
 *   <li>reads of snapshots on one more, in the order in which they are asked for;
 *   <li>the installing of snapshots on another one ({@link Installs}).
 * </ul>
 *
 * The sink is called on any of these threads, and must neither block nor throw. A write that fails is tried again until it
 * succeeds, and {@link Input.DiskRefuses} says so meanwhile. What no repetition can mend, damaged files for one, ends the
 * store's work: nothing is answered any more, and {@link #failure} says why; the process should end.
 */
public final class Storage implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Storage.class);

    private final Opening.Opened store;
    private final StorageSettings settings;
    private final Consumer<Input> sink;
    private final StorageMetrics metrics = new StorageMetrics();
    private final CompletableFuture<StorageException> failure = new CompletableFuture<>();
    private final DiskGuard disk;
    private final Snapshots snapshots;
    private final Reader reader;
    private final LogWriter logWriter;
    private final Applier applier;
    private final List<Thread> writers;
    private final ExecutorService readers;
    private final ExecutorService snapshotReader;
    private final Installs installs;
    private final ExecutorService installer;
    private final ScheduledExecutorService watch;
    /** Held for reading by whoever reads on a caller's thread, so that the database is not closed under it. */
    private final ReadWriteLock open = new ReentrantReadWriteLock();

    private boolean closed;

    private Storage(Opening.Opened store, Consumer<Input> sink, StorageSettings settings) throws IOException {
        this.store = store;
        this.settings = settings;
        this.sink = sink;
        this.disk = new DiskGuard(store.folder(), settings, metrics, sink);
        this.snapshots = new Snapshots(store.database(), settings.snapshotPartBytes());
        this.reader = new Reader(store.database(), settings.pageBytes());
        this.installs = new Installs(store, disk, metrics, settings);
        this.logWriter = new LogWriter(store, installs, disk, metrics, sink, settings);
        this.applier = new Applier(store, snapshots, disk, metrics, sink, settings);
        this.writers = List.of(writer("storage-log", logWriter::run), writer("storage-apply", applier::run));
        this.readers = Executors.newFixedThreadPool(settings.readThreads(), threads("storage-read"));
        this.snapshotReader = Executors.newSingleThreadExecutor(threads("storage-snapshot"));
        this.installer = Executors.newSingleThreadExecutor(threads("storage-install"));
        this.watch = Executors.newSingleThreadScheduledExecutor(threads("storage-watch"));
    }

    /**
     * Opens a member's data folder, which is made when it is missing, and counts the start. It may take as long as the
     * settings let it wait for another process, and a second or so to replay what was not in table files.
     *
     * @param data the data folder
     * @param owner whose folder it must be
     * @param sink takes the answers
     * @throws StorageException when the folder is in use, another's, damaged or not writable; nothing was changed in it then
     */
    public static Storage open(Path data, Owner owner, Consumer<Input> sink, StorageSettings settings)
            throws StorageException {
        Opening.Opened store = Opening.open(data, owner, settings);
        try {
            Storage storage = new Storage(store, sink, settings);
            storage.start();
            return storage;
        } catch (IOException e) {
            store.database().close();
            throw new StorageException("the disk of " + store.folder() + " cannot be examined: " + e.getMessage(), e);
        }
    }

    /**
     * Throws a member's copy away, so that the next {@link #open} makes an empty store with another id, which the cluster then
     * fills. A folder that can be read and is another's is left alone.
     *
     * @param data the data folder
     * @param owner whose folder it must be, as far as that can be told
     * @throws StorageException when the folder is in use, another's or not writable
     */
    public static void discard(Path data, Owner owner, StorageSettings settings) throws StorageException {
        Opening.discard(data, owner, settings);
    }

    /** What the disk held when it was opened. */
    public Recovered recovered() {
        return store.recovered();
    }

    /** What it has done so far. */
    public StorageMetrics metrics() {
        return metrics;
    }

    /** Rough size of a partition's keys on disk and in memory, in bytes, as they are stored; 0 when it cannot be told. */
    public long copyBytes(int partition) {
        return roughBytes(Keys.from(partition), Keys.to(partition));
    }

    /** The same of all partitions together. */
    public long dataBytes() {
        return roughBytes(Keys.from(0), Keys.from(Integer.MAX_VALUE));
    }

    private long roughBytes(byte[] from, byte[] to) {
        open.readLock().lock();
        try {
            return closed || failure.isDone() ? 0 : store.database().roughBytes(Family.DATA, from, to);
        } finally {
            open.readLock().unlock();
        }
    }

    /** Completes when the store can do no more; the exception's message is for whoever runs the node. */
    public CompletionStage<StorageException> failure() {
        return failure.minimalCompletionStage();
    }

    /** Begins one effect alone. */
    public void execute(Effect effect) {
        add(effect);
        flush();
    }

    /**
     * Takes an effect, which begins with the next {@link #flush} at the latest. Returns at once; only one thread adds and
     * flushes. After {@link #close} nothing happens.
     *
     * @throws IllegalArgumentException when it is not an effect on the disk
     */
    public void add(Effect effect) {
        open.readLock().lock();
        try {
            if (closed || failure.isDone()) {
                return;
            }
            switch (effect) {
                case Effect.Persist persist -> logWriter.add(persist);
                case Effect.Apply apply -> applier.add(apply);
                case Effect.Lookup lookup -> {
                    metrics.lookedUp();
                    answer(() -> reader.lookup(lookup));
                }
                case Effect.ScanRange scan -> on(readers, () -> reader.scan(scan));
                case Effect.FindExpired find -> on(readers, () -> reader.expired(find));
                case Effect.ReadLog read -> on(readers, () -> reader.log(read));
                case Effect.OpenSnapshot opening -> applier.add(opening);
                case Effect.ReadSnapshot read ->
                    on(snapshotReader, () -> snapshots.read(read.partition(), read.snapshotId(), read.index()));
                case Effect.CloseSnapshot closing -> applier.add(closing);
                case Effect.InstallPart part -> on(installer, () -> installs.take(part));
                case Effect.Send other -> throw notOurs(other);
                case Effect.Reply other -> throw notOurs(other);
                case Effect.ProposeRing other -> throw notOurs(other);
                case Effect.Resign other -> throw notOurs(other);
                case Effect.Drained other -> throw notOurs(other);
                case Effect.Notice other -> throw notOurs(other);
            }
        } finally {
            open.readLock().unlock();
        }
    }

    /** Begins what was added. */
    public void flush() {
        applier.flush();
    }

    /**
     * Carries out what was begun, as far as the disk takes it within a bounded time, and leaves the folder. To be called once
     * nothing is executed any more; a second call does nothing.
     */
    @Override
    public void close() {
        open.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            open.writeLock().unlock();
        }
        disk.close();
        logWriter.close();
        applier.close();
        readers.shutdown();
        snapshotReader.shutdown();
        installer.shutdown();
        watch.shutdown();
        if (!ended()) {
            // a call into a disk that hangs cannot be ended, and closing the database under it would crash the process
            LOG.warnf("the store in %s is still busy and is left as it is", store.folder());
            return;
        }
        snapshots.closeAll();
        installs.endAll();
        store.database().close();
        mark();
        try {
            store.mark().close();
            store.lock().close();
        } catch (IOException e) {
            LOG.warnf("the store in %s is not closed in good order: %s", store.folder(), e.getMessage());
        }
    }

    private interface Work {
        void run() throws RocksDBException, FormatException, StorageException, InterruptedException;
    }

    private interface Query {
        @Nullable
        Input run() throws RocksDBException, FormatException;
    }

    private void start() {
        writers.forEach(Thread::start);
        // ends with the executor; what goes wrong in it is seen to in it
        var _ = watch.scheduleWithFixedDelay(() -> guarded(this::look), 0, settings.checkMs(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        disk.checkSpace();
        mark();
    }

    private void mark() {
        try {
            store.mark().reached(store.manifest().look());
            store.mark().force();
        } catch (IOException e) {
            LOG.warnf("the mark of what is on disk cannot be renewed: %s", e.getMessage());
        }
    }

    private Thread writer(String name, Work work) {
        return Thread.ofPlatform().name(name).daemon().unstarted(() -> guarded(work));
    }

    private void on(ExecutorService threads, Query query) {
        try {
            threads.execute(() -> answer(query));
        } catch (RejectedExecutionException e) {
            LOG.debug("the store is closed, a read is dropped");
        }
    }

    private void answer(Query query) {
        guarded(() -> {
            Input answer = query.run();
            if (answer != null) {
                sink.accept(answer);
            }
        });
    }

    private void guarded(Work work) {
        try {
            work.run();
        } catch (StorageException e) {
            fail(e, e);
        } catch (RocksDBException e) {
            Status status = e.getStatus();
            // other errors may be of the moment, as too many open files
            if (status != null && status.getCode() == Status.Code.Corruption) {
                note(e);
            }
            fail(StorageException.damaged(store.folder(), String.valueOf(e.getMessage())), e);
        } catch (FormatException e) {
            note(e);
            fail(StorageException.damaged(store.folder(), String.valueOf(e.getMessage())), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(new StorageException("a thread of the store in " + store.folder() + " was interrupted", e), e);
        } catch (RuntimeException | Error e) {
            fail(
                    new StorageException(
                            "the store in " + store.folder() + " stops, by a defect of this program: " + e.getMessage(),
                            e),
                    e);
        }
    }

    /** Before anybody hears of it: whoever does may end the process. */
    private void note(Exception damage) {
        try {
            DamageNote.write(store.data(), String.valueOf(damage.getMessage()));
        } catch (IOException e) {
            LOG.warnf("the damage cannot be noted in %s: %s", store.data(), e.getMessage());
        }
    }

    private void fail(StorageException reason, Throwable cause) {
        metrics.fail();
        if (failure.complete(reason)) {
            LOG.error(reason.getMessage());
            LOG.debug("the store failed", cause);
        }
    }

    private boolean ended() {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(settings.closeWaitMs());
        try {
            for (Thread writer : writers) {
                writer.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime())));
            }
            boolean ended = writers.stream().noneMatch(Thread::isAlive);
            for (ExecutorService each : List.of(readers, snapshotReader, installer, watch)) {
                ended &= each.awaitTermination(until - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
            return ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static ThreadFactory threads(String prefix) {
        return Thread.ofPlatform().name(prefix + "-", 1).daemon().factory();
    }

    private static IllegalArgumentException notOurs(Effect effect) {
        return new IllegalArgumentException("not an effect on the disk: " + effect);
    }
}
