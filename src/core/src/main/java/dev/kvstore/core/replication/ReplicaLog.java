package dev.kvstore.core.replication;

import dev.kvstore.core.data.Entry;
import dev.kvstore.core.data.EntryId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known in memory of a partition's log: the identity of every entry that is kept, and the newest entries
 * themselves. Identities are held as stretches of equal (epoch, boot), which are few.
 */
final class ReplicaLog {
    private static final long MARK_BYTES = 64 << 10;

    /** How many bytes the log had taken, ever, when this entry was appended. */
    private record Mark(long seq, long bytes) {}

    private EntryId base;
    private final ArrayList<EntryId> stretches = new ArrayList<>();
    private long lastSeq;

    private final ArrayList<Entry> cache = new ArrayList<>();
    private int cacheHead;
    private long cacheBytes;

    private final ArrayDeque<Mark> marks = new ArrayDeque<>();
    private long bytesEver;
    private long bytesTrimmed;

    ReplicaLog(EntryId base, List<EntryId> stretches, long lastSeq, long bytes, List<Entry> newest) {
        this.base = base;
        this.stretches.addAll(stretches);
        this.lastSeq = lastSeq;
        this.bytesEver = bytes;
        for (Entry entry : newest) {
            cache.add(entry);
            cacheBytes += entry.sizeBytes();
        }
        marks.add(new Mark(lastSeq, bytes));
    }

    /** Identity of the entry before the first one that is kept. */
    EntryId base() {
        return base;
    }

    long lastSeq() {
        return lastSeq;
    }

    EntryId last() {
        return idAt(lastSeq);
    }

    /** Rough size of what is kept, in bytes. */
    long bytes() {
        return bytesEver - bytesTrimmed;
    }

    /** Rough size of the entries that are in memory, in bytes. */
    long cachedBytes() {
        return cacheBytes;
    }

    /** Identity at a sequence from the base's to the last one. */
    EntryId idAt(long seq) {
        if (seq == base.seq()) {
            return base;
        }
        for (int i = stretches.size() - 1; i >= 0; i--) {
            EntryId first = stretches.get(i);
            if (first.seq() <= seq) {
                return new EntryId(first.epoch(), first.boot(), seq);
            }
        }
        throw new IllegalArgumentException("no entry " + seq + " in a log from " + base + " to " + lastSeq);
    }

    /** Whether this identity stands in the log, or is its base. */
    boolean contains(EntryId id) {
        return id.seq() >= base.seq() && id.seq() <= lastSeq && idAt(id.seq()).equals(id);
    }

    void append(Entry entry) {
        EntryId id = entry.id();
        if (id.seq() != lastSeq + 1) {
            throw new IllegalStateException("entry " + id + " after " + lastSeq);
        }
        EntryId newest = stretches.isEmpty() ? null : stretches.getLast();
        if (newest == null || newest.epoch() != id.epoch() || newest.boot() != id.boot()) {
            stretches.add(id);
        }
        lastSeq = id.seq();
        cache.add(entry);
        cacheBytes += entry.sizeBytes();
        bytesEver += entry.sizeBytes();
        if (bytesEver - marks.getLast().bytes() >= MARK_BYTES) {
            marks.add(new Mark(lastSeq, bytesEver));
        }
    }

    /** Removes the entries from a sequence on. */
    void cut(long fromSeq) {
        while (!stretches.isEmpty() && stretches.getLast().seq() >= fromSeq) {
            stretches.removeLast();
        }
        while (cache.size() > cacheHead && cache.getLast().seq() >= fromSeq) {
            int size = cache.removeLast().sizeBytes();
            cacheBytes -= size;
            bytesEver -= size;
        }
        lastSeq = fromSeq - 1;
        while (marks.size() > 1 && marks.getLast().seq() > lastSeq) {
            marks.removeLast();
        }
    }

    /** Forgets the entries up to a sequence. */
    void trim(long upToSeq) {
        evict(upToSeq, 0);
        base = idAt(upToSeq);
        while (stretches.size() > 1 && stretches.get(1).seq() <= upToSeq + 1) {
            stretches.removeFirst();
        }
        if (upToSeq >= lastSeq) {
            stretches.clear();
            bytesTrimmed = bytesEver;
        } else {
            EntryId first = stretches.getFirst();
            if (first.seq() <= upToSeq) {
                stretches.set(0, new EntryId(first.epoch(), first.boot(), upToSeq + 1));
            }
        }
        while (marks.size() > 1 && marks.getFirst().seq() <= upToSeq) {
            bytesTrimmed = Math.max(bytesTrimmed, marks.removeFirst().bytes());
        }
    }

    /** The greatest sequence that must go so that about this many bytes stay, or the base's. */
    long seqToKeep(long keepBytes) {
        long seq = base.seq();
        for (Mark mark : marks) {
            if (bytesEver - mark.bytes() < keepBytes) {
                break;
            }
            seq = Math.max(seq, mark.seq());
        }
        return seq;
    }

    /** Empties the log: it goes on after this identity. */
    void reset(EntryId newBase) {
        base = newBase;
        lastSeq = newBase.seq();
        stretches.clear();
        cache.clear();
        cacheHead = 0;
        cacheBytes = 0;
        bytesTrimmed = bytesEver;
        marks.clear();
        marks.add(new Mark(lastSeq, bytesEver));
    }

    /** Drops entries up to a sequence from memory, oldest first, while more than {@code keepBytes} are held. */
    void evict(long upToSeq, long keepBytes) {
        while (cacheHead < cache.size()
                && cacheBytes > keepBytes
                && cache.get(cacheHead).seq() <= upToSeq) {
            cacheBytes -= cache.get(cacheHead).sizeBytes();
            cacheHead++;
        }
        if (cacheHead > 64 && cacheHead * 2 > cache.size()) {
            cache.subList(0, cacheHead).clear();
            cacheHead = 0;
        }
    }

    /**
     * Entries from one sequence to another, of {@code maxBytes} or a little more, at least one.
     *
     * @return null when the first of them is no longer in memory
     */
    @Nullable
    List<Entry> inMemory(long fromSeq, long toSeq, long maxBytes) {
        long first = lastSeq + 1 - (cache.size() - cacheHead);
        if (fromSeq < first) {
            return null;
        }
        int from = cacheHead + (int) (fromSeq - first);
        int to = from;
        long bytes = 0;
        while (to < cache.size() && bytes < maxBytes && cache.get(to).seq() <= toSeq) {
            bytes += cache.get(to).sizeBytes();
            to++;
        }
        return List.copyOf(cache.subList(from, to));
    }
}
