package dev.kvstore.node.storage;

import dev.kvstore.core.data.Entry;
import dev.kvstore.core.data.EntryId;
import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Recovered;
import dev.kvstore.node.storage.format.FormatException;
import dev.kvstore.node.storage.format.Keys;
import dev.kvstore.node.storage.format.LogRecord;
import dev.kvstore.node.storage.format.StateRecord;
import dev.kvstore.node.storage.rocks.Cursor;
import dev.kvstore.node.storage.rocks.Database;
import dev.kvstore.node.storage.rocks.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** Finds out what copies a store holds, without reading through logs: a few reads for each partition. */
final class Recovery {
    private final Database database;
    private final Copies positions = new Copies();
    private final Map<Integer, Recovered.Copy> copies = new TreeMap<>();

    private Recovery(Database database) {
        this.database = database;
    }

    /** What was found: for the core, and for those who write on. */
    record Found(Map<Integer, Recovered.Copy> copies, Copies positions) {}

    /** A partition's records, as far as they are there. */
    private static final class Records {
        private EntryId applied = EntryId.ZERO;
        private StateRecord.Base base = new StateRecord.Base(EntryId.ZERO, false);
        private Effect.@Nullable Joining joining;
    }

    /**
     * Reads the store.
     *
     * @throws FormatException when what it holds does not fit together
     */
    static Found run(Database database) throws RocksDBException, FormatException {
        Recovery recovery = new Recovery(database);
        for (Map.Entry<Integer, Records> each : recovery.records().entrySet()) {
            recovery.copy(each.getKey(), each.getValue());
        }
        return new Found(recovery.copies, recovery.positions);
    }

    private Map<Integer, Records> records() throws RocksDBException, FormatException {
        Map<Integer, Records> all = new TreeMap<>();
        try (Cursor cursor = database.range(Family.PARTITION, Keys.from(0), Keys.from(Integer.MAX_VALUE))) {
            for (; cursor.valid(); cursor.next()) {
                byte[] key = cursor.key();
                Records records = all.computeIfAbsent(Keys.partitionOf(key), partition -> new Records());
                switch (Keys.stateOf(key)) {
                    case APPLIED -> records.applied = StateRecord.decodeId(cursor.value());
                    case BASE -> records.base = StateRecord.decodeBase(cursor.value());
                    case JOINING -> records.joining = StateRecord.decodeJoining(cursor.value());
                }
            }
        }
        return all;
    }

    private void copy(int partition, Records records) throws RocksDBException, FormatException {
        EntryId base = records.base.at();
        EntryId applied = records.applied;
        LogRecord last = last(partition, base);
        long lastSeq = last == null ? base.seq() : last.entry().seq();
        if (applied.seq() < base.seq() || applied.seq() > lastSeq) {
            throw new FormatException("partition " + partition + " has a log after " + base + " up to " + lastSeq
                    + " and a state at " + applied);
        }
        List<EntryId> runs = new ArrayList<>();
        List<Entry> unapplied = new ArrayList<>();
        long logBytes = 0;
        long totalBytes = 0;
        if (last != null) {
            LogRecord first = record(partition, base.seq() + 1);
            totalBytes = last.totalBytes();
            logBytes = totalBytes - first.totalBytes() + first.entry().sizeBytes();
            runs(partition, first.entry().id(), last.entry().id(), runs);
            for (long seq = applied.seq() + 1; seq <= lastSeq; seq++) {
                unapplied.add(record(partition, seq).entry());
            }
        }
        copies.put(
                partition,
                new Recovered.Copy(
                        applied, base, runs, lastSeq, logBytes, unapplied, records.base.incomplete(), records.joining));
        positions.log(partition, new Copies.Log(base, records.base.incomplete(), lastSeq, totalBytes));
        positions.applied(partition, applied);
        positions.synced(partition);
        try (Cursor cursor = database.range(Family.EXPIRY, Keys.from(partition), Keys.to(partition))) {
            if (cursor.valid()) {
                positions.setExpiring(partition);
            }
        }
    }

    private @Nullable LogRecord last(int partition, EntryId base) throws RocksDBException, FormatException {
        try (Cursor cursor = database.range(Family.LOG, Keys.log(partition, base.seq() + 1), Keys.to(partition))) {
            cursor.last();
            return cursor.valid() ? LogRecord.decode(cursor.key(), cursor.value()) : null;
        }
    }

    /** Epoch and boot never return to an earlier value, so that the end of a stretch can be found by halving. */
    private void runs(int partition, EntryId first, EntryId last, List<EntryId> runs)
            throws RocksDBException, FormatException {
        runs.add(first);
        EntryId run = first;
        while (!sameRun(run, last)) {
            long in = run.seq();
            EntryId out = last;
            while (out.seq() - in > 1) {
                EntryId middle =
                        record(partition, in + (out.seq() - in) / 2).entry().id();
                if (sameRun(run, middle)) {
                    in = middle.seq();
                } else {
                    out = middle;
                }
            }
            runs.add(out);
            run = out;
        }
    }

    private LogRecord record(int partition, long seq) throws RocksDBException, FormatException {
        byte[] key = Keys.log(partition, seq);
        byte[] value = database.get(Family.LOG, key);
        if (value == null) {
            throw new FormatException("the log of partition " + partition + " lacks entry " + seq);
        }
        return LogRecord.decode(key, value);
    }

    private static boolean sameRun(EntryId one, EntryId other) {
        return one.epoch() == other.epoch() && one.boot() == other.boot();
    }
}
