package dev.kvstore.node.storage;

import dev.kvstore.core.data.EntryId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Where each partition's copy stands, in memory: enough to refuse an effect that would leave a gap on disk, and to write
 * without reading first.
 */
final class Copies {
    private final Map<Integer, Log> logs = new HashMap<>();
    private final Map<Integer, EntryId> applied = new ConcurrentHashMap<>();
    private final Map<Integer, Long> durable = new ConcurrentHashMap<>();
    private final Set<Integer> expiring = ConcurrentHashMap.newKeySet();

    /**
     * A partition's log, as written but not always synced.
     *
     * @param base identity of the entry before the first one
     * @param incomplete whether a snapshot is being installed
     * @param lastSeq sequence of the last entry, or that of {@code base}
     * @param totalBytes size of all entries that it ever took
     */
    record Log(EntryId base, boolean incomplete, long lastSeq, long totalBytes) {}

    /** The log, or null when there is no copy. Only the logger's thread asks, once that runs. */
    @Nullable
    Log log(int partition) {
        return logs.get(partition);
    }

    /** Sets the log; only the logger's thread does, once that runs. */
    void log(int partition, Log log) {
        logs.put(partition, log);
    }

    /** How far the state is. */
    EntryId applied(int partition) {
        return applied.getOrDefault(partition, EntryId.ZERO);
    }

    void applied(int partition, EntryId id) {
        applied.put(partition, id);
    }

    /** Sequence up to which the log is synced. */
    long durable(int partition) {
        return durable.getOrDefault(partition, 0L);
    }

    /** What is in the log now is synced. */
    void synced(int partition) {
        Log log = logs.get(partition);
        durable.put(partition, log == null ? 0 : log.lastSeq());
    }

    /** Whether keys of the partition may expire. While none can, nobody needs to look for what a write replaces. */
    boolean expiring(int partition) {
        return expiring.contains(partition);
    }

    /** From now on keys of the partition may expire. */
    void setExpiring(int partition) {
        expiring.add(partition);
    }
}
