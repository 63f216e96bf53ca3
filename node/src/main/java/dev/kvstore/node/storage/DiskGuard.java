package dev.kvstore.node.storage;

import dev.kvstore.core.io.Input;
import dev.kvstore.core.io.Input.DiskRefuses.What;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/**
 * Says whether the disk takes writes, and has failed ones tried again until they succeed. RocksDB itself looks for room each
 * five seconds after the disk was full and then takes writes again; until then every attempt fails at once. After another
 * error it may take none until it is opened anew, so that these are given up after a while: the process should end then.
 */
final class DiskGuard {
    private static final Logger LOG = Logger.getLogger(DiskGuard.class);

    private final Path folder;
    private final FileStore disk;
    private final StorageSettings settings;
    private final StorageMetrics metrics;
    private final Consumer<Input> sink;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closed = lock.newCondition();
    private final Set<Cause> causes = EnumSet.noneOf(Cause.class);
    private What refused = What.NOTHING;
    private boolean closing;

    DiskGuard(Path folder, StorageSettings settings, StorageMetrics metrics, Consumer<Input> sink) throws IOException {
        this.folder = folder;
        this.disk = Files.getFileStore(folder);
        this.settings = settings;
        this.metrics = metrics;
        this.sink = sink;
    }

    /** Why the disk takes no writes. */
    enum Cause {
        /** The log cannot be written or synced. */
        LOG_FAILS,
        /** The state cannot be written. */
        STATE_FAILS,
        /** There is too little room. */
        LITTLE_ROOM
    }

    /** Something that writes; doing it again after it failed half-way must end the same. */
    interface Step {
        void run() throws RocksDBException;
    }

    /**
     * Does a step, again and again until it succeeds.
     *
     * @return false when the store was closed before it did
     * @throws RocksDBException when it cannot succeed because the store is damaged
     * @throws StorageException when it has failed for so long that it will not succeed any more
     */
    boolean untilDone(Cause cause, Step step) throws RocksDBException, StorageException, InterruptedException {
        long pauseMs = settings.retryMs();
        long sinceNanos = System.nanoTime();
        boolean failed = false;
        while (true) {
            try {
                step.run();
                break;
            } catch (RocksDBException e) {
                metrics.writeFailed();
                boolean full = false;
                Status status = e.getStatus();
                if (status != null) {
                    full = status.getSubCode() == Status.SubCode.NoSpace;
                    if (status.getCode() == Status.Code.Corruption) {
                        throw e;
                    }
                }
                long failingMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNanos);
                if (!full && failingMs > settings.giveUpMs()) {
                    throw new StorageException(
                            "writes to the store in " + folder + " have failed for " + failingMs + " ms: "
                                    + e.getMessage() + ". See to the disk, then start the node again",
                            e);
                }
                if (!failed) {
                    LOG.warnf("writes to the store fail (%s); they are tried again", e.getMessage());
                    failed = true;
                    set(cause, true);
                }
            }
            if (!pause(pauseMs)) {
                return false;
            }
            pauseMs = Math.min(2 * pauseMs, settings.retryMaxMs());
        }
        if (failed) {
            LOG.info("the store takes writes again");
            set(cause, false);
        }
        return true;
    }

    /** Whether the disk takes no writes at present. */
    boolean refuses() {
        lock.lock();
        try {
            return refused != What.NOTHING;
        } finally {
            lock.unlock();
        }
    }

    /** Looks at the free space. To be called about once a second. */
    void checkSpace() {
        long free;
        try {
            free = disk.getUsableSpace();
        } catch (IOException e) {
            LOG.warnf("the free space of %s is not known: %s", disk, e.getMessage());
            return;
        }
        metrics.free(free);
        lock.lock();
        try {
            // somewhat more than the least is asked for before it is enough again, so that it does not go to and fro
            long least = settings.minFreeBytes();
            boolean before = causes.contains(Cause.LITTLE_ROOM);
            boolean now = free < (before ? least + least / 4 : least);
            if (now && !before) {
                LOG.warnf(
                        "%d MiB are free for %s, less than the %d MiB of kvstore.limits.min-free-disk-bytes: writes of"
                                + " clients are refused until there is more. Make room, or enlarge the disk",
                        free >> 20, folder, least >> 20);
            } else if (before && !now) {
                LOG.infof("%d MiB are free for %s: writes of clients are taken again", free >> 20, folder);
            }
            set(Cause.LITTLE_ROOM, now);
        } finally {
            lock.unlock();
        }
    }

    /** Ends the pauses: whoever waits to try again gives up. */
    void close() {
        lock.lock();
        try {
            closing = true;
            closed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean pause(long ms) throws InterruptedException {
        lock.lock();
        try {
            long leftNanos = TimeUnit.MILLISECONDS.toNanos(ms);
            while (!closing && leftNanos > 0) {
                leftNanos = closed.awaitNanos(leftNanos);
            }
            return !closing;
        } finally {
            lock.unlock();
        }
    }

    private void set(Cause cause, boolean present) {
        lock.lock();
        try {
            if (present) {
                causes.add(cause);
            } else {
                causes.remove(cause);
            }
            What now = refusedBy(causes);
            if (now != refused) {
                refused = now;
                metrics.refuses(now != What.NOTHING);
                // under the lock, so that the core hears it in the order in which it happened
                sink.accept(new Input.DiskRefuses(now));
            }
        } finally {
            lock.unlock();
        }
    }

    private static What refusedBy(Set<Cause> causes) {
        if (causes.isEmpty()) {
            return What.NOTHING;
        }
        return causes.equals(EnumSet.of(Cause.LITTLE_ROOM)) ? What.CLIENTS : What.EVERYTHING;
    }
}
