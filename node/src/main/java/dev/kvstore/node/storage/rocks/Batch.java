package dev.kvstore.node.storage.rocks;

import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** Writes that take place together, in their order. One thread uses a batch. */
public final class Batch implements AutoCloseable {
    private final Database database;
    private final WriteBatch writes = new WriteBatch();

    Batch(Database database) {
        this.database = database;
    }

    /** Sets a key. */
    public void put(Family family, byte[] key, byte[] value) throws RocksDBException {
        writes.put(database.handle(family), key, value);
    }

    /** Removes a key. */
    public void delete(Family family, byte[] key) throws RocksDBException {
        writes.delete(database.handle(family), key);
    }

    /** Removes the keys from {@code from} to before {@code to}. */
    public void deleteRange(Family family, byte[] from, byte[] to) throws RocksDBException {
        writes.deleteRange(database.handle(family), from, to);
    }

    /** Whether there is nothing in it. */
    public boolean isEmpty() {
        return writes.count() == 0;
    }

    /** Its size in bytes. */
    public long sizeBytes() {
        return writes.getDataSize();
    }

    WriteBatch writes() {
        return writes;
    }

    @Override
    public void close() {
        writes.close();
    }
}
