package dev.kvstore.node.storage;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.EntryId;
import dev.kvstore.core.io.Input;
import dev.kvstore.node.storage.format.FormatException;
import dev.kvstore.node.storage.format.Keys;
import dev.kvstore.node.storage.format.SnapshotPart;
import dev.kvstore.node.storage.format.StateRecord;
import dev.kvstore.node.storage.rocks.Cursor;
import dev.kvstore.node.storage.rocks.Database;
import dev.kvstore.node.storage.rocks.Family;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Snapshot;

/** The snapshots that are being sent. How many there are at a time is bounded by the core. */
final class Snapshots {
    private final Database database;
    private final int partBytes;
    private final Map<Id, Reading> readings = new HashMap<>();

    Snapshots(Database database, int partBytes) {
        this.database = database;
        this.partBytes = partBytes;
    }

    private record Id(int partition, long number) {}

    /** Takes a snapshot of what is applied now. One that is open under this number is closed first. */
    Input.SnapshotOpened open(int partition, long number) throws RocksDBException, FormatException {
        close(partition, number);
        Reading reading = new Reading(partition);
        boolean known = false;
        try {
            byte[] applied =
                    database.get(Family.PARTITION, Keys.state(partition, Keys.State.APPLIED), reading.snapshot);
            EntryId at = applied == null ? EntryId.ZERO : StateRecord.decodeId(applied);
            put(new Id(partition, number), reading);
            known = true;
            return new Input.SnapshotOpened(partition, number, at);
        } finally {
            if (!known) {
                reading.close();
            }
        }
    }

    /** Reads a part; null when there is none of this number, or the snapshot is not open any more. */
    Input.@Nullable SnapshotRead read(int partition, long number, int index) throws RocksDBException, FormatException {
        Reading reading = get(new Id(partition, number));
        return reading == null ? null : reading.part(number, index);
    }

    /** Forgets a snapshot, if it is open. */
    void close(int partition, long number) {
        Reading reading = remove(new Id(partition, number));
        if (reading != null) {
            reading.close();
        }
    }

    /** Forgets all. */
    synchronized void closeAll() {
        readings.values().forEach(Reading::close);
        readings.clear();
    }

    private synchronized void put(Id id, Reading reading) {
        readings.put(id, reading);
    }

    private synchronized @Nullable Reading get(Id id) {
        return readings.get(id);
    }

    private synchronized @Nullable Reading remove(Id id) {
        return readings.remove(id);
    }

    /** Where one snapshot stands. Its last part is kept, since it may be asked for again. */
    private final class Reading {
        private final int partition;
        private final Snapshot snapshot;
        private @Nullable Cursor cursor;
        private Bytes part = Bytes.EMPTY;
        private int next;
        private boolean ended;
        private boolean closed;

        private Reading(int partition) {
            this.partition = partition;
            this.snapshot = database.snapshot();
        }

        private synchronized Input.@Nullable SnapshotRead part(long number, int index)
                throws RocksDBException, FormatException {
            if (closed) {
                return null;
            }
            if (index < next - 1) {
                rewind();
            }
            while (next <= index && !ended) {
                advance();
            }
            // whoever asks ahead does not know yet which part is the last
            return index < next ? new Input.SnapshotRead(partition, number, index, part, ended) : null;
        }

        private void advance() throws RocksDBException, FormatException {
            Cursor at = cursor;
            if (at == null) {
                at = database.range(Family.DATA, Keys.from(partition), Keys.to(partition), snapshot);
                cursor = at;
            }
            SnapshotPart building = new SnapshotPart(partBytes);
            for (; at.valid() && building.size() < partBytes; at.next()) {
                building.add(Keys.userKeyOfData(at.key()).array(), at.value());
            }
            part = building.encode();
            ended = !at.valid();
            next++;
        }

        private void rewind() {
            if (cursor != null) {
                cursor.close();
            }
            cursor = null;
            next = 0;
            ended = false;
        }

        private synchronized void close() {
            if (!closed) {
                closed = true;
                rewind();
                database.release(snapshot);
            }
        }
    }
}
