package dev.kvstore.node.storage;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Change;
import dev.kvstore.core.data.Entry;
import dev.kvstore.core.data.EntryId;
import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Input;
import dev.kvstore.node.storage.format.DataRecord;
import dev.kvstore.node.storage.format.FormatException;
import dev.kvstore.node.storage.format.Keys;
import dev.kvstore.node.storage.format.StateRecord;
import dev.kvstore.node.storage.rocks.Batch;
import dev.kvstore.node.storage.rocks.Database;
import dev.kvstore.node.storage.rocks.Family;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * Applies committed entries, on one thread: all that wait in one batch that is not synced, with the sequence that each
 * partition's state has then reached. It also opens and closes snapshots, so that they come in order with what is applied.
 *
 * <p>A crash cannot leave a state that is not that of some sequence, nor one above the log. The batch holds the changes and the
 * sequence together; the write-ahead log that it goes through is recovered up to a point and not beyond; and an entry is
 * applied only when the log that holds it has been synced, that is, further ahead in the same write-ahead log.
 */
final class Applier {
    private static final byte[] NOTHING = {};
    private static final Effect CLOSE = new Effect.CloseSnapshot(-1, Long.MIN_VALUE);

    private final BlockingQueue<List<Effect>> queue = new LinkedBlockingQueue<>();

    /** What was added since the last flush, by whoever adds. */
    private List<Effect> added = new ArrayList<>();

    /** What was taken from the queue and is not done yet, by the thread that applies. */
    private final Deque<Effect> taken = new ArrayDeque<>();

    private final byte[] header = new byte[DataRecord.HEADER_BYTES];
    private final Database database;
    private final Copies copies;
    private final Snapshots snapshots;
    private final DiskGuard disk;
    private final StorageMetrics metrics;
    private final Consumer<Input> sink;
    private final int groupBytes;

    Applier(
            Opening.Opened store,
            Snapshots snapshots,
            DiskGuard disk,
            StorageMetrics metrics,
            Consumer<Input> sink,
            StorageSettings settings) {
        this.database = store.database();
        this.copies = store.positions();
        this.snapshots = snapshots;
        this.disk = disk;
        this.metrics = metrics;
        this.sink = sink;
        this.groupBytes = settings.groupBytes();
    }

    /** What is in a batch that is not written yet. */
    private static final class Group {
        private final Map<Integer, EntryId> reached = new LinkedHashMap<>();
        private final Map<Key, Long> expiresAtMs = new HashMap<>();
        private long entries;
    }

    private record Key(int partition, Bytes userKey) {}

    void add(Effect.Apply apply) {
        metrics.applyBegins(apply.entries().size());
        added.add(apply);
    }

    void add(Effect.OpenSnapshot open) {
        added.add(open);
    }

    void add(Effect.CloseSnapshot close) {
        added.add(close);
    }

    /** Hands over what was added: together, so that the thread wakes once for all of it. */
    void flush() {
        if (!added.isEmpty()) {
            queue.add(added);
            added = new ArrayList<>();
        }
    }

    /** Ends {@link #run} after what was handed over before. */
    void close() {
        queue.add(List.of(CLOSE));
    }

    private Effect take() throws InterruptedException {
        while (taken.isEmpty()) {
            taken.addAll(queue.take());
        }
        return taken.removeFirst();
    }

    private @Nullable Effect poll() {
        if (taken.isEmpty()) {
            List<Effect> next = queue.poll();
            if (next != null) {
                taken.addAll(next);
            }
        }
        return taken.pollFirst();
    }

    /** The thread's work, until {@link #close}. */
    void run() throws RocksDBException, FormatException, StorageException, InterruptedException {
        Effect next = take();
        while (next != null && !next.equals(CLOSE)) {
            next = switch (next) {
                case Effect.Apply first -> applyGroup(first);
                case Effect.OpenSnapshot open -> {
                    sink.accept(snapshots.open(open.partition(), open.snapshotId()));
                    yield take();
                }
                case Effect.CloseSnapshot close -> {
                    snapshots.close(close.partition(), close.snapshotId());
                    yield take();
                }
                default -> throw new IllegalStateException("not for this thread: " + next);
            };
        }
    }

    /** Applies this and what waits behind it; returns what is to be done next, null for nothing any more. */
    private @Nullable Effect applyGroup(Effect.Apply first)
            throws RocksDBException, FormatException, StorageException, InterruptedException {
        Group group = new Group();
        Effect next = first;
        try (Batch batch = database.batch()) {
            while (next instanceof Effect.Apply apply && batch.sizeBytes() < groupBytes) {
                apply(apply, group, batch);
                next = poll();
            }
            for (Map.Entry<Integer, EntryId> each : group.reached.entrySet()) {
                batch.put(
                        Family.PARTITION,
                        Keys.state(each.getKey(), Keys.State.APPLIED),
                        StateRecord.encode(each.getValue()));
            }
            if (!disk.untilDone(DiskGuard.Cause.STATE_FAILS, () -> database.write(batch))) {
                return null;
            }
            metrics.applied(group.entries, batch.sizeBytes());
        }
        group.reached.forEach((partition, id) -> {
            copies.applied(partition, id);
            sink.accept(new Input.Applied(partition, id.seq()));
        });
        return next == null ? take() : next;
    }

    private void apply(Effect.Apply apply, Group group, Batch batch) throws RocksDBException, FormatException {
        int partition = apply.partition();
        EntryId reached = group.reached.getOrDefault(partition, copies.applied(partition));
        for (Entry entry : apply.entries()) {
            if (entry.seq() != reached.seq() + 1 || entry.seq() > copies.durable(partition)) {
                throw new IllegalStateException("partition " + partition + ": entry " + entry.id()
                        + " is to be applied after " + reached + ", the log is on disk up to "
                        + copies.durable(partition));
            }
            apply(partition, entry, group, batch);
            reached = entry.id();
        }
        group.reached.put(partition, reached);
        group.entries += apply.entries().size();
    }

    private void apply(int partition, Entry entry, Group group, Batch batch) throws RocksDBException, FormatException {
        switch (entry.change()) {
            case Change.Put put -> {
                if (put.expiresAtMs() != 0) {
                    copies.setExpiring(partition);
                }
                reindex(partition, put.key(), put.expiresAtMs(), group, batch);
                batch.put(
                        Family.DATA,
                        Keys.data(partition, put.key().array()),
                        DataRecord.encode(put.value(), entry.seq(), put.expiresAtMs()));
            }
            case Change.Delete delete -> {
                reindex(partition, delete.key(), 0, group, batch);
                batch.delete(Family.DATA, Keys.data(partition, delete.key().array()));
            }
            case Change.Noop noop -> {}
        }
    }

    /** Keeps the index by time of expiry exact, which takes a read of what is replaced where keys may expire at all. */
    private void reindex(int partition, Bytes userKey, long newMs, Group group, Batch batch)
            throws RocksDBException, FormatException {
        if (!copies.expiring(partition)) {
            return;
        }
        Long inBatch = group.expiresAtMs.put(new Key(partition, userKey), newMs);
        long oldMs = inBatch != null ? inBatch : storedExpiry(partition, userKey);
        if (oldMs == newMs) {
            return;
        }
        if (oldMs != 0) {
            batch.delete(Family.EXPIRY, Keys.expiry(partition, oldMs, userKey.array()));
        }
        if (newMs != 0) {
            batch.put(Family.EXPIRY, Keys.expiry(partition, newMs, userKey.array()), NOTHING);
        }
    }

    private long storedExpiry(int partition, Bytes userKey) throws RocksDBException, FormatException {
        int size = database.get(Family.DATA, Keys.data(partition, userKey.array()), header);
        return size < 0 ? 0 : DataRecord.decodeHeader(header, size).expiresAtMs();
    }
}
