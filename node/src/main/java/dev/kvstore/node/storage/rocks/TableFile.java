package dev.kvstore.node.storage.rocks;

import java.nio.file.Path;
import org.rocksdb.EnvOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileWriter;

/** A table file that is written outside the store, and that {@link Database#ingest} makes a part of it. One thread uses it. */
public final class TableFile implements AutoCloseable {
    private final EnvOptions environment;
    private final SstFileWriter writer;
    private final Path path;
    private long sizeBytes;

    TableFile(EnvOptions environment, Options options, Path path) throws RocksDBException {
        this.environment = environment;
        this.path = path;
        this.writer = new SstFileWriter(environment, options);
        try {
            writer.open(path.toString());
        } catch (RocksDBException e) {
            close();
            throw e;
        }
    }

    /** Adds a key that is above all that were added before. */
    public void put(byte[] key, byte[] value) throws RocksDBException {
        writer.put(key, value);
        sizeBytes += key.length + value.length;
    }

    /** Bytes of the keys and values in it. */
    public long sizeBytes() {
        return sizeBytes;
    }

    /** Completes it and syncs it. It holds at least one key. */
    public void finish() throws RocksDBException {
        writer.finish();
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    @Override
    public void close() {
        writer.close();
        environment.close();
    }
}
