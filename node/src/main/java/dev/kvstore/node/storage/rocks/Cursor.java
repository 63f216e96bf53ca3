package dev.kvstore.node.storage.rocks;

import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;

/** Walks over a range of keys as it was when the cursor was made. It stands on the first key. One thread at a time uses it. */
public final class Cursor implements AutoCloseable {
    private final Slice from;
    private final Slice to;
    private final ReadOptions options;
    private final RocksIterator iterator;

    Cursor(RocksDB db, ColumnFamilyHandle family, byte[] from, byte[] to, @Nullable Snapshot snapshot) {
        this.from = new Slice(from);
        this.to = new Slice(to);
        this.options = new ReadOptions()
                .setIterateLowerBound(this.from)
                .setIterateUpperBound(this.to)
                .setFillCache(false);
        if (snapshot != null) {
            options.setSnapshot(snapshot);
        }
        this.iterator = db.newIterator(family, options);
        iterator.seekToFirst();
    }

    /** Whether it stands on a key; false beyond the last one. Throws when that cannot be told. */
    public boolean valid() throws RocksDBException {
        if (iterator.isValid()) {
            return true;
        }
        // an iterator that met an error is not valid either, and that is not the end
        iterator.status();
        return false;
    }

    /** Goes on to the next key. */
    public void next() {
        iterator.next();
    }

    /** Goes to the last key. */
    public void last() {
        iterator.seekToLast();
    }

    /** The key that it stands on. */
    public byte[] key() {
        return iterator.key();
    }

    /** The value of the key that it stands on. */
    public byte[] value() {
        return iterator.value();
    }

    /** Copies the value's beginning into the buffer and returns the whole value's length. */
    public int value(byte[] buffer) {
        return iterator.value(buffer);
    }

    @Override
    public void close() {
        iterator.close();
        options.close();
        to.close();
        from.close();
    }
}
