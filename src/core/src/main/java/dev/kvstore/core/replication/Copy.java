package dev.kvstore.core.replication;

import dev.kvstore.core.data.Entry;
import dev.kvstore.core.data.EntryId;
import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Effect.Write;
import dev.kvstore.core.io.Recovered;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * This member's copy of a partition: its log, and how far that is on disk, committed and applied. Always {@code base <=
 * applied <= applying <= min(committed, durable)} and {@code durable <= last}.
 */
final class Copy {
    private static final long TRIM_BYTES = 256 << 10;

    /** So many committed entries are applied without waiting for more. */
    private static final long GATHERED_ENTRIES = 256;

    /** So many times the cache's bytes in memory are applied, and let go of, without waiting for more. */
    private static final long GATHERED_CACHES = 2;

    private final int partition;
    private final Host host;
    private final ReplicaLog log;
    private final List<Entry> unwritten = new ArrayList<>();
    private final Runnable progressed;
    private long durableSeq;
    private long commitSeq;
    private long applyingSeq;
    private long appliedSeq;
    private boolean incomplete;
    /** Raised when entries go that may be on their way to disk, so that their arrival there is not misread. */
    private long cuts;

    /** Whether committed entries are applied at once, because somebody waits for it; else they gather until the next tick. */
    private boolean atOnce;

    private long trimmedAtMs;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

    private record Waiting(long seq, Runnable action) {}

    /**
     * @param found what the disk held, or null
     * @param progressed runs when more is on disk
     */
    Copy(int partition, Host host, Recovered.@Nullable Copy found, Runnable progressed) {
        this.progressed = progressed;
        this.partition = partition;
        this.host = host;
        if (found == null) {
            this.log = new ReplicaLog(EntryId.ZERO, List.of(), 0, 0, List.of());
            return;
        }
        this.log = new ReplicaLog(found.base(), found.runs(), found.lastSeq(), found.logBytes(), found.unapplied());
        this.durableSeq = found.lastSeq();
        this.commitSeq = found.applied().seq();
        this.applyingSeq = commitSeq;
        this.appliedSeq = commitSeq;
        this.incomplete = found.incomplete();
    }

    ReplicaLog log() {
        return log;
    }

    long durableSeq() {
        return durableSeq;
    }

    long commitSeq() {
        return commitSeq;
    }

    long applyingSeq() {
        return applyingSeq;
    }

    long appliedSeq() {
        return appliedSeq;
    }

    /** Identity of the last entry that is applied. */
    EntryId applied() {
        return log.idAt(appliedSeq);
    }

    /** Whether a snapshot is being installed, or the copy was discarded: what is here is of no use. */
    boolean incomplete() {
        return incomplete;
    }

    /** Whether an Apply is under way. */
    boolean applying() {
        return applyingSeq != appliedSeq;
    }

    /** Whether there is nothing here. */
    boolean empty() {
        return log.lastSeq() == 0;
    }

    /** Appends an entry; it goes to disk with the next {@link #flush}. */
    void append(Entry entry) {
        log.append(entry);
        unwritten.add(entry);
    }

    /** Hands what was appended over to the disk; called at the end of every turn. */
    void flush() {
        if (!unwritten.isEmpty()) {
            Write write = new Write.AppendLog(partition, List.copyOf(unwritten));
            unwritten.clear();
            write(write);
        }
    }

    /** Removes entries above the applied ones. */
    void cut(long fromSeq) {
        if (fromSeq <= applyingSeq) {
            throw new IllegalStateException(
                    "partition " + partition + ": cut at " + fromSeq + ", applying " + applyingSeq);
        }
        flush();
        log.cut(fromSeq);
        cuts++;
        waiting.clear();
        durableSeq = Math.min(durableSeq, log.lastSeq());
        commitSeq = Math.min(commitSeq, log.lastSeq());
        write(new Write.CutLog(partition, fromSeq));
    }

    /** Runs an action when the entries up to this one, of those that were handed to the disk, are there. */
    void whenDurable(long seq, Runnable action) {
        waiting.add(new Waiting(seq, action));
    }

    private void write(Write write) {
        long seq = log.lastSeq();
        long cutsThen = cuts;
        host.persist(write, () -> {
            if (cuts == cutsThen) {
                durableSeq = Math.max(durableSeq, seq);
                while (!waiting.isEmpty() && waiting.getFirst().seq() <= durableSeq) {
                    waiting.removeFirst().action().run();
                }
                apply();
                progressed.run();
                host.touched(partition);
            }
        });
    }

    /** Entries up to this one are committed; never goes back. */
    void commitTo(long seq) {
        if (seq > commitSeq) {
            commitSeq = seq;
            apply();
        }
    }

    /** From now on committed entries are applied at once, as a takeover needs it, or together, which is less work. */
    void applyAtOnce(boolean now) {
        atOnce = now;
        if (now) {
            applyNow();
        }
    }

    private void apply() {
        boolean many = commitSeq - applyingSeq >= GATHERED_ENTRIES
                || log.cachedBytes() >= GATHERED_CACHES * host.settings().cacheBytes();
        if (atOnce || many) {
            applyNow();
        }
    }

    /** Has everything applied that can be; to be called from time to time. */
    void applyNow() {
        // Only what is on disk is applied: after a crash the state is never ahead of the log.
        long to = Math.min(commitSeq, durableSeq);
        if (to <= applyingSeq) {
            return;
        }
        List<Entry> entries = log.inMemory(applyingSeq + 1, to, Long.MAX_VALUE);
        if (entries == null) {
            throw new IllegalStateException(
                    "partition " + partition + ": entries after " + applyingSeq + " left memory");
        }
        applyingSeq = to;
        host.effect(new Effect.Apply(partition, entries));
    }

    /** Entries up to this one are visible to look-ups. */
    void applied(long seq) {
        if (seq > appliedSeq && seq <= applyingSeq) {
            appliedSeq = seq;
            log.evict(seq, host.settings().cacheBytes());
        }
    }

    /**
     * Lets old entries go: those that every replica has, and those beyond the bound.
     *
     * @param everywhereSeq every replica has the entries up to here
     * @param neededSeq entries above this one are needed by a transfer under way
     */
    void trim(long everywhereSeq, long neededSeq) {
        long nowMs = host.now().monoMs();
        long excess = log.seqToKeep(host.settings().logRetainBytes());
        long to = Math.min(Math.min(appliedSeq, neededSeq), Math.max(everywhereSeq, excess));
        boolean worthIt = log.bytes() > TRIM_BYTES
                || nowMs - trimmedAtMs > 30 * host.settings().heartbeatMs();
        if (to > log.base().seq() && worthIt) {
            trimmedAtMs = nowMs;
            log.trim(to);
            host.persist(new Write.TrimLog(partition, log.base()), () -> {});
        }
    }

    /** Empties the copy to receive a snapshot; {@code then} runs when that is on disk. No Apply may be under way. */
    void beginSnapshot(EntryId at, long install, Runnable then) {
        restart(at, true, new Write.BeginSnapshot(partition, at, install), then);
    }

    /** The snapshot is complete, on disk too. */
    void endSnapshot() {
        incomplete = false;
    }

    /** Empties the copy. No Apply may be under way. */
    void discard() {
        restart(EntryId.ZERO, true, new Write.Discard(partition), () -> {});
    }

    /** Starts the log over behind this identity, keeping the keys. No Apply may be under way. */
    void rebase(EntryId at) {
        restart(at, false, new Write.Rebase(partition, at), () -> {});
    }

    private void restart(EntryId at, boolean incompleteNow, Write write, Runnable then) {
        if (applying()) {
            throw new IllegalStateException("partition " + partition + ": an Apply is under way");
        }
        unwritten.clear();
        log.reset(at);
        cuts++;
        waiting.clear();
        durableSeq = at.seq();
        commitSeq = at.seq();
        applyingSeq = at.seq();
        appliedSeq = at.seq();
        incomplete = incompleteNow;
        host.persist(write, then);
    }
}
