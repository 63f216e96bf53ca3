package dev.kvstore.node.storage;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Entry;
import dev.kvstore.core.data.Outcome;
import dev.kvstore.core.data.Stored;
import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Input;
import dev.kvstore.node.storage.format.DataRecord;
import dev.kvstore.node.storage.format.FormatException;
import dev.kvstore.node.storage.format.Keys;
import dev.kvstore.node.storage.format.LogRecord;
import dev.kvstore.node.storage.rocks.Cursor;
import dev.kvstore.node.storage.rocks.Database;
import dev.kvstore.node.storage.rocks.Family;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.rocksdb.RocksDBException;

/** Reads the state and the log. Any number of threads may use it. */
final class Reader {
    private final Database database;
    private final int pageBytes;

    Reader(Database database, int pageBytes) {
        this.database = database;
        this.pageBytes = pageBytes;
    }

    Input.LookedUp lookup(Effect.Lookup lookup) throws RocksDBException, FormatException {
        byte[] record = database.get(
                Family.DATA, Keys.data(lookup.partition(), lookup.key().array()));
        return new Input.LookedUp(lookup.id(), record == null ? null : DataRecord.decode(record));
    }

    Input.Scanned scan(Effect.ScanRange scan) throws RocksDBException, FormatException {
        byte[] prefix = Keys.data(scan.partition(), scan.prefix().array());
        byte[] from = prefix;
        if (scan.after() != null) {
            byte[] after = Keys.data(scan.partition(), scan.after().array());
            // the key that follows at once is the same with a zero behind it
            byte[] beyond = Arrays.copyOf(after, after.length + 1);
            from = Arrays.compareUnsigned(beyond, prefix) > 0 ? beyond : prefix;
        }
        List<Outcome.Item> items = new ArrayList<>();
        byte[] header = new byte[DataRecord.HEADER_BYTES];
        long bytes = 0;
        try (Cursor cursor = database.range(Family.DATA, from, Keys.afterAllWith(prefix))) {
            boolean more = cursor.valid();
            while (more && items.size() < scan.limit() && bytes < pageBytes) {
                Bytes key = Keys.userKeyOfData(cursor.key());
                Stored stored = scan.values()
                        ? DataRecord.decode(cursor.value())
                        : DataRecord.decodeHeader(header, cursor.value(header));
                items.add(new Outcome.Item(key, stored));
                bytes += key.size() + stored.value().size();
                cursor.next();
                more = cursor.valid();
            }
            return new Input.Scanned(scan.id(), new Outcome.Page(items, more));
        }
    }

    Input.ExpiredFound expired(Effect.FindExpired find) throws RocksDBException, FormatException {
        List<Bytes> keys = new ArrayList<>();
        byte[] to = Keys.expiry(find.partition(), Math.min(find.wallMs(), Long.MAX_VALUE - 1) + 1, Bytes.EMPTY.array());
        try (Cursor cursor = database.range(Family.EXPIRY, Keys.from(find.partition()), to)) {
            for (; keys.size() < find.limit() && cursor.valid(); cursor.next()) {
                keys.add(Keys.userKeyOfExpiry(cursor.key()));
            }
        }
        return new Input.ExpiredFound(find.partition(), keys);
    }

    Input.LogRead log(Effect.ReadLog read) throws RocksDBException, FormatException {
        int partition = read.partition();
        List<Entry> entries = new ArrayList<>();
        long bytes = 0;
        try (Cursor cursor = database.range(Family.LOG, Keys.log(partition, read.fromSeq()), Keys.to(partition))) {
            long expected = read.fromSeq();
            while (cursor.valid() && (entries.isEmpty() || bytes < read.maxBytes())) {
                Entry entry = LogRecord.decode(cursor.key(), cursor.value()).entry();
                boolean fits = entries.isEmpty() || bytes + entry.sizeBytes() <= read.maxBytes();
                // a log has no gaps: when the first one is missing it was trimmed
                if (entry.seq() != expected || !fits) {
                    break;
                }
                entries.add(entry);
                bytes += entry.sizeBytes();
                expected++;
                cursor.next();
            }
        }
        return new Input.LogRead(partition, read.forPeer(), read.fromSeq(), entries);
    }
}
