package dev.kvstore.node.storage;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Counts what a store does, for whoever shows it. All counts are since the start and only grow, but where said otherwise. */
public final class StorageMetrics {
    private final LongAdder syncs = new LongAdder();
    private final LongAdder syncNanos = new LongAdder();
    private final AtomicLong syncMaxNanos = new AtomicLong();
    private final LongAdder persistsBegun = new LongAdder();
    private final LongAdder persists = new LongAdder();
    private final LongAdder persistedEntries = new LongAdder();
    private final LongAdder persistedBytes = new LongAdder();
    private final LongAdder entriesToApply = new LongAdder();
    private final LongAdder appliedEntries = new LongAdder();
    private final LongAdder appliedBytes = new LongAdder();
    private final LongAdder lookups = new LongAdder();
    private final LongAdder installedBytes = new LongAdder();
    private final LongAdder failedWrites = new LongAdder();
    private volatile long syncBegunNanos;
    private volatile boolean syncing;
    private volatile long freeBytes = -1;
    private volatile boolean refusing;
    private volatile boolean failed;

    StorageMetrics() {}

    void installed(long bytes) {
        installedBytes.add(bytes);
    }

    /** Syncs of the write-ahead log. */
    public long syncs() {
        return syncs.sum();
    }

    /** Time spent in them, in nanoseconds. */
    public long syncNanos() {
        return syncNanos.sum();
    }

    /** The longest of them, in nanoseconds. */
    public long syncMaxNanos() {
        return syncMaxNanos.get();
    }

    /** How long the sync that is under way has taken so far, in nanoseconds; 0 when there is none. Goes up and down. */
    public long syncUnderWayNanos() {
        return syncing ? System.nanoTime() - syncBegunNanos : 0;
    }

    /** Persists that were answered. */
    public long persists() {
        return persists.sum();
    }

    /** Persists that wait or are being written. Goes up and down. */
    public long persistsWaiting() {
        return Math.max(0, persistsBegun.sum() - persists.sum());
    }

    /** Log entries in those that were answered. */
    public long persistedEntries() {
        return persistedEntries.sum();
    }

    /** Bytes that they wrote. */
    public long persistedBytes() {
        return persistedBytes.sum();
    }

    /** Entries that were applied to the state. */
    public long appliedEntries() {
        return appliedEntries.sum();
    }

    /** Entries that wait to be applied or are being so. Goes up and down. */
    public long entriesWaiting() {
        return Math.max(0, entriesToApply.sum() - appliedEntries.sum());
    }

    /** Bytes of keys and values in table files that were made of other members' snapshots. */
    public long installedBytes() {
        return installedBytes.sum();
    }

    /** Bytes that applying wrote. */
    public long appliedBytes() {
        return appliedBytes.sum();
    }

    /** Look-ups of a key. */
    public long lookups() {
        return lookups.sum();
    }

    /** Attempts to write or sync that failed. */
    public long failedWrites() {
        return failedWrites.sum();
    }

    /** Free space on the store's disk, in bytes; -1 when it is not known. Goes up and down. */
    public long freeBytes() {
        return freeBytes;
    }

    /** Whether the disk takes no writes, now. */
    public boolean refusing() {
        return refusing;
    }

    /** Whether the store has met what no repetition can mend, damage for one, and does nothing any more. */
    public boolean failed() {
        return failed;
    }

    void fail() {
        failed = true;
    }

    void syncBegins() {
        syncBegunNanos = System.nanoTime();
        syncing = true;
    }

    void syncEnds() {
        long nanos = System.nanoTime() - syncBegunNanos;
        syncing = false;
        syncs.increment();
        syncNanos.add(nanos);
        syncMaxNanos.accumulateAndGet(nanos, Math::max);
    }

    void persistBegins() {
        persistsBegun.increment();
    }

    void persisted(int count, long entries, long bytes) {
        persists.add(count);
        persistedEntries.add(entries);
        persistedBytes.add(bytes);
    }

    void applyBegins(int entries) {
        entriesToApply.add(entries);
    }

    void applied(long entries, long bytes) {
        appliedEntries.add(entries);
        appliedBytes.add(bytes);
    }

    void lookedUp() {
        lookups.increment();
    }

    void writeFailed() {
        failedWrites.increment();
    }

    void free(long bytes) {
        freeBytes = bytes;
    }

    void refuses(boolean now) {
        refusing = now;
    }
}
