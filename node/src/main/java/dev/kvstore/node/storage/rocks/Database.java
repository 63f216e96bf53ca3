package dev.kvstore.node.storage.rocks;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.EnvOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.IngestExternalFileOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.Range;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.SizeApproximationFlag;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBufferManager;
import org.rocksdb.WriteOptions;

/**
 * An open RocksDB. Every method may be called by any thread, but none during or after {@link #close}: native code does not
 * forgive that.
 */
public final class Database implements AutoCloseable {
    private static final long BLOCK_BYTES = 8L << 10;
    private static final double BLOOM_BITS = 10;
    private static final int OPEN_FILES = 512;
    private static final int LOG_FILES = 4;
    private static final long LOG_FILE_BYTES = 1L << 20;
    private static final long BYTES_PER_SYNC = 1L << 20;

    /** A log that is trimmed often piles up range deletions, which every read of it must look through: a flush ends them. */
    private static final int RANGE_DELETIONS = 2_000;

    private final Deque<AutoCloseable> natives = new ArrayDeque<>();
    private final Map<Family, ColumnFamilyHandle> families = new EnumMap<>(Family.class);
    private final ReadOptions read;
    private final WriteOptions write;
    private final RocksDB db;
    private final DBOptions dbOptions;
    /** Those of table files of the data that are made outside the store. */
    private final Options dataOptions;

    private Database(Path folder, Tuning tuning, boolean create, boolean readOnly) throws RocksDBException {
        try {
            read = keep(new ReadOptions());
            write = keep(new WriteOptions());
            Cache cache = keep(new LRUCache(tuning.blockCacheBytes() + tuning.writeBufferBytes()));
            dbOptions = dbOptions(tuning, cache, create);
            dataOptions = keep(new Options(dbOptions, familyOptions(tuning, cache, Family.DATA)));
            db = open(folder, tuning, cache, readOnly);
        } catch (RocksDBException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /**
     * Opens a folder for reading and writing.
     *
     * @param create whether to make a new store; otherwise there must be one
     */
    public static Database open(Path folder, Tuning tuning, boolean create) throws RocksDBException {
        return new Database(folder, tuning, create, false);
    }

    /** Opens a folder without changing anything in it, whatever its write-ahead log holds. */
    public static Database openReadOnly(Path folder, Tuning tuning) throws RocksDBException {
        return new Database(folder, tuning, false, true);
    }

    /** The value of a key, or null. */
    public byte @Nullable [] get(Family family, byte[] key) throws RocksDBException {
        return db.get(handle(family), read, key);
    }

    /** The value of a key as of a snapshot, or null. */
    public byte @Nullable [] get(Family family, byte[] key, Snapshot snapshot) throws RocksDBException {
        try (ReadOptions at = new ReadOptions().setSnapshot(snapshot)) {
            return db.get(handle(family), at, key);
        }
    }

    /** Copies the value's beginning into the buffer. Returns the whole value's length, or -1 when the key is absent. */
    public int get(Family family, byte[] key, byte[] buffer) throws RocksDBException {
        return db.get(handle(family), read, key, buffer);
    }

    /** The keys from {@code from} to before {@code to}, as they are now; for bulk reads, which leave the cache alone. */
    public Cursor range(Family family, byte[] from, byte[] to) {
        return new Cursor(db, handle(family), from, to, null);
    }

    /** The same as of a snapshot. */
    public Cursor range(Family family, byte[] from, byte[] to, Snapshot snapshot) {
        return new Cursor(db, handle(family), from, to, snapshot);
    }

    /** About how many bytes the keys from {@code from} to before {@code to} take, in table files and in memory. */
    public long roughBytes(Family family, byte[] from, byte[] to) {
        try (Slice first = new Slice(from);
                Slice after = new Slice(to)) {
            return db.getApproximateSizes(
                            handle(family),
                            List.of(new Range(first, after)),
                            SizeApproximationFlag.INCLUDE_FILES,
                            SizeApproximationFlag.INCLUDE_MEMTABLES)[0];
        }
    }

    /** An empty batch. */
    public Batch batch() {
        return new Batch(this);
    }

    /** Writes a batch as a whole, without syncing it. */
    public void write(Batch batch) throws RocksDBException {
        db.write(write, batch.writes());
    }

    /** Syncs everything that was written before. Writers go on meanwhile. */
    public void sync() throws RocksDBException {
        db.syncWal();
    }

    /**
     * Writes everything that waits in memory into table files, of all families together. Writers go on meanwhile.
     */
    public void flush() throws RocksDBException {
        try (FlushOptions options = new FlushOptions().setWaitForFlush(true)) {
            db.flush(options, List.copyOf(families.values()));
        }
    }

    /** A new table file for keys of the data. */
    public TableFile tableFile(Path path) throws RocksDBException {
        return new TableFile(new EnvOptions(dbOptions), dataOptions, path);
    }

    /**
     * Makes finished table files of the data parts of the store, all or none, and removes them from where they were. They must
     * be on the store's own disk, each above the one before it. It is on disk when this returns, whatever of the write-ahead log
     * is.
     */
    public void ingest(List<TableFile> files) throws RocksDBException {
        List<String> paths = files.stream().map(file -> file.path().toString()).toList();
        try (IngestExternalFileOptions options = new IngestExternalFileOptions().setMoveFiles(true)) {
            db.ingestExternalFile(handle(Family.DATA), paths, options);
        }
    }

    /** RocksDB's number of the newest write. */
    public long latestSequence() {
        return db.getLatestSequenceNumber();
    }

    /** Takes a snapshot; it must be given to {@link #release} before {@link #close}. */
    public Snapshot snapshot() {
        return db.getSnapshot();
    }

    /** Ends a snapshot. */
    public void release(Snapshot snapshot) {
        db.releaseSnapshot(snapshot);
        snapshot.close();
    }

    /** Frees everything. Nothing may be under way. What was written and not synced is left to the operating system. */
    @Override
    public void close() {
        while (!natives.isEmpty()) {
            AutoCloseable each = natives.pop();
            try {
                each.close();
            } catch (Exception e) {
                throw new IllegalStateException("RocksDB cannot be closed", e);
            }
        }
    }

    ColumnFamilyHandle handle(Family family) {
        return Objects.requireNonNull(families.get(family));
    }

    private RocksDB open(Path folder, Tuning tuning, Cache cache, boolean readOnly) throws RocksDBException {
        List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
        descriptors.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, familyOptions(tuning, cache, null)));
        for (Family family : Family.values()) {
            byte[] name = family.text().getBytes(StandardCharsets.UTF_8);
            descriptors.add(new ColumnFamilyDescriptor(name, familyOptions(tuning, cache, family)));
        }
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        RocksDB opened = readOnly
                ? RocksDB.openReadOnly(dbOptions, folder.toString(), descriptors, handles)
                : RocksDB.open(dbOptions, folder.toString(), descriptors, handles);
        keep(opened);
        handles.forEach(this::keep);
        // the first is the default family, which RocksDB insists on
        Iterator<ColumnFamilyHandle> inOrder =
                handles.subList(1, handles.size()).iterator();
        for (Family family : Family.values()) {
            families.put(family, inOrder.next());
        }
        return opened;
    }

    private DBOptions dbOptions(Tuning tuning, Cache cache, boolean create) throws RocksDBException {
        // what waits in memory is charged to the cache, so that one number bounds both
        WriteBufferManager buffers = keep(new WriteBufferManager(tuning.writeBufferBytes(), cache));
        return keep(trackingOptions())
                .setCreateIfMissing(create)
                .setCreateMissingColumnFamilies(create)
                .setParanoidChecks(true)
                .setWriteBufferManager(buffers)
                .setMaxTotalWalSize(tuning.walBytes())
                .setMaxBackgroundJobs(tuning.backgroundJobs())
                .setMaxOpenFiles(OPEN_FILES)
                .setBytesPerSync(BYTES_PER_SYNC)
                // All families are flushed together: RocksDB recovers from a full disk by flushing, and a crash amid
                // that
                // must not leave one family ahead of the others and of the write-ahead log.
                .setAtomicFlush(true)
                // The log is taken up to the first record that is not whole and not beyond, across its files: a gap
                // followed
                // by newer writes would be a state that never was. (The mode that tolerates corrupted tails accepts
                // that at
                // the end of every file.) It cannot tell a torn tail from damage to what was synced; SyncMark can.
                .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(LOG_FILES)
                .setMaxLogFileSize(LOG_FILE_BYTES)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0);
    }

    /**
     * The manifest names every file of the write-ahead log with its size when it was closed: else a missing or shortened one
     * that newer ones follow would be a gap that nobody notices. Java has no setter for it.
     */
    private static DBOptions trackingOptions() throws RocksDBException {
        Properties properties = new Properties();
        properties.setProperty("track_and_verify_wals_in_manifest", "true");
        DBOptions options = DBOptions.getDBOptionsFromProps(properties);
        if (options == null) {
            throw new RocksDBException("this RocksDB does not know " + properties);
        }
        return options;
    }

    /**
     * Inserts look for their place beside the newest one of the same partition: a log's next entry and a state's next version
     * belong just there, and any other key nearer to it than to the top of the whole list, from where the search would take a
     * tenth of a node's time. Java has no setter for it.
     */
    private static ColumnFamilyOptions hintedOptions() throws RocksDBException {
        Properties properties = new Properties();
        properties.setProperty("memtable_insert_with_hint_prefix_extractor", "rocksdb.FixedPrefix." + Integer.BYTES);
        ColumnFamilyOptions options = ColumnFamilyOptions.getColumnFamilyOptionsFromProps(properties);
        if (options == null) {
            throw new RocksDBException("this RocksDB does not know " + properties);
        }
        return options;
    }

    private ColumnFamilyOptions familyOptions(Tuning tuning, Cache cache, @Nullable Family family)
            throws RocksDBException {
        boolean data = family == Family.DATA;
        boolean big = data || family == Family.LOG;
        BlockBasedTableConfig table = new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setBlockSize(BLOCK_BYTES)
                .setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true)
                .setPinL0FilterAndIndexBlocksInCache(true);
        if (data) {
            table.setFilterPolicy(keep(new BloomFilter(BLOOM_BITS, false)));
        }
        ColumnFamilyOptions options = keep(hintedOptions())
                .setTableFormatConfig(table)
                // two of the big ones in use and two that are being flushed make up the whole
                .setWriteBufferSize(tuning.writeBufferBytes() / (big ? 4 : 16))
                .setForceConsistencyChecks(true)
                .setCompressionType(data ? CompressionType.LZ4_COMPRESSION : CompressionType.NO_COMPRESSION);
        if (family == Family.LOG) {
            options.setMemtableMaxRangeDeletions(RANGE_DELETIONS);
        }
        return options;
    }

    private <T extends AutoCloseable> T keep(T closeable) {
        natives.push(closeable);
        return closeable;
    }
}
