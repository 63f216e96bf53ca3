package dev.kvstore.node.storage;

import dev.kvstore.core.data.Entry;
import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Input;
import dev.kvstore.node.storage.file.SyncMark;
import dev.kvstore.node.storage.format.FormatException;
import dev.kvstore.node.storage.rocks.Batch;
import dev.kvstore.node.storage.rocks.Database;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.rocksdb.RocksDBException;

/**
 * Carries out persists, on one thread: takes all that wait, writes them as one batch, syncs once for all of them, answers with
 * the highest id (group commit). What comes during a sync goes with the next one. While groups are large it waits for half of
 * what a sync takes before it takes the next one, which makes them larger still (PostgreSQL's commit_delay and
 * commit_siblings). The write and the sync are two calls, since
 * a write that syncs would keep the state's writer waiting too.
 *
 * <p>The queue has no bound of its own: the core's bound on operations that are under way is one, and a persist cannot be
 * refused.
 */
final class LogWriter {
    private static final Logger LOG = Logger.getLogger(LogWriter.class);

    /** A group of so many entries shows that more are on their way. */
    private static final int SIBLINGS = 5;

    private static final long MAX_DELAY_NS = 1_000_000;
    private static final Effect.Persist CLOSE = new Effect.Persist(Long.MIN_VALUE, List.of());

    private final BlockingQueue<Effect.Persist> queue = new LinkedBlockingQueue<>();
    private final Database database;
    private final SyncMark mark;
    private final Copies copies;
    private final LogTranslation translation;
    private final DiskGuard disk;
    private final StorageMetrics metrics;
    private final Consumer<Input> sink;
    private final int groupBytes;
    private long groupEntries;
    private long syncNs;

    LogWriter(
            Opening.Opened store,
            Installs installs,
            DiskGuard disk,
            StorageMetrics metrics,
            Consumer<Input> sink,
            StorageSettings settings) {
        this.database = store.database();
        this.mark = store.mark();
        this.copies = store.positions();
        this.translation = new LogTranslation(copies, installs);
        this.disk = disk;
        this.metrics = metrics;
        this.sink = sink;
        this.groupBytes = settings.groupBytes();
    }

    void add(Effect.Persist persist) {
        metrics.persistBegins();
        queue.add(persist);
    }

    /** Ends {@link #run} after what was added before. */
    void close() {
        queue.add(CLOSE);
    }

    /** The thread's work, until {@link #close}. */
    void run() throws RocksDBException, FormatException, StorageException, InterruptedException {
        boolean open = true;
        List<Effect.Persist> group = new ArrayList<>();
        while (open) {
            open = takeGroup(group);
            if (!group.isEmpty() && !persist(group)) {
                return;
            }
            group.clear();
        }
    }

    private boolean takeGroup(List<Effect.Persist> group) throws InterruptedException {
        long bytes = 0;
        Effect.Persist first = queue.take();
        if (groupEntries >= SIBLINGS) {
            LockSupport.parkNanos(this, Math.min(syncNs / 2, MAX_DELAY_NS));
        }
        for (Effect.Persist next = first; next != null; next = bytes < groupBytes ? queue.poll() : null) {
            if (next.equals(CLOSE)) {
                return false;
            }
            group.add(next);
            for (Effect.Write write : next.writes()) {
                bytes += sizeBytes(write);
            }
        }
        return true;
    }

    private boolean persist(List<Effect.Persist> group)
            throws RocksDBException, FormatException, StorageException, InterruptedException {
        Set<Integer> partitions = new HashSet<>();
        long entries = 0;
        try (Batch batch = database.batch()) {
            for (Effect.Persist persist : group) {
                for (Effect.Write write : persist.writes()) {
                    translation.add(write, batch);
                    partitions.add(LogTranslation.partitionOf(write));
                    entries += write instanceof Effect.Write.AppendLog append
                            ? append.entries().size()
                            : 0;
                }
            }
            if (!batch.isEmpty() && !disk.untilDone(DiskGuard.Cause.LOG_FAILS, () -> writeAndSync(batch))) {
                return false;
            }
            groupEntries = entries;
            metrics.persisted(group.size(), entries, batch.sizeBytes());
        }
        partitions.forEach(copies::synced);
        sink.accept(new Input.Persisted(group.getLast().id()));
        return true;
    }

    /** Both are done again when one fails: after a failed sync nobody knows what is on disk. */
    private void writeAndSync(Batch batch) throws RocksDBException {
        database.write(batch);
        long written = database.latestSequence();
        metrics.syncBegins();
        long begunNs = System.nanoTime();
        try {
            database.sync();
        } finally {
            metrics.syncEnds();
            syncNs = System.nanoTime() - begunNs;
        }
        try {
            mark.reached(written);
        } catch (IOException e) {
            // an older mark is a weaker one but not a wrong one
            LOG.warnf("the mark of what is on disk cannot be written: %s", e.getMessage());
        }
    }

    private static long sizeBytes(Effect.Write write) {
        return switch (write) {
            case Effect.Write.AppendLog append -> {
                long bytes = 0;
                for (Entry entry : append.entries()) {
                    bytes += entry.sizeBytes();
                }
                yield bytes;
            }
            case Effect.Write.SaveRing ring -> 0;
            case Effect.Write.SaveJoining joining -> 0;
            case Effect.Write.CutLog cut -> 0;
            case Effect.Write.TrimLog trim -> 0;
            case Effect.Write.BeginSnapshot begin -> 0;
            case Effect.Write.EndSnapshot end -> 0;
            case Effect.Write.Discard discard -> 0;
            case Effect.Write.Rebase rebase -> 0;
        };
    }
}
