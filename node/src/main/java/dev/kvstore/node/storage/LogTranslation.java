package dev.kvstore.node.storage;

import dev.kvstore.core.data.Entry;
import dev.kvstore.core.data.EntryId;
import dev.kvstore.core.io.Effect;
import dev.kvstore.node.storage.format.Keys;
import dev.kvstore.node.storage.format.LogRecord;
import dev.kvstore.node.storage.format.StateRecord;
import dev.kvstore.node.storage.rocks.Batch;
import dev.kvstore.node.storage.rocks.Family;
import org.rocksdb.RocksDBException;

/** Turns the writes of a persist into those of a batch, and refuses what would leave a gap. Reads nothing. */
final class LogTranslation {
    /** Up to so many entries are removed one by one; beyond it a range deletion, which later reads pay for, is cheaper. */
    private static final int SINGLE_DELETIONS = 64;

    private final Copies copies;
    private final Installs installs;

    LogTranslation(Copies copies, Installs installs) {
        this.copies = copies;
        this.installs = installs;
    }

    /** The partition that a write concerns; -1 for none. */
    static int partitionOf(Effect.Write write) {
        return switch (write) {
            case Effect.Write.SaveRing ring -> -1;
            case Effect.Write.SaveJoining joining -> joining.partition();
            case Effect.Write.AppendLog append -> append.partition();
            case Effect.Write.CutLog cut -> cut.partition();
            case Effect.Write.TrimLog trim -> trim.partition();
            case Effect.Write.BeginSnapshot begin -> begin.partition();
            case Effect.Write.EndSnapshot end -> end.partition();
            case Effect.Write.Discard discard -> discard.partition();
            case Effect.Write.Rebase rebase -> rebase.partition();
        };
    }

    /** Adds a write to the batch. */
    void add(Effect.Write write, Batch batch) throws RocksDBException {
        switch (write) {
            case Effect.Write.SaveRing save -> Identity.writeRing(batch, save.ring());
            case Effect.Write.SaveJoining save -> saveJoining(save, batch);
            case Effect.Write.AppendLog append -> append(append, batch);
            case Effect.Write.CutLog cut -> cut(cut, batch);
            case Effect.Write.TrimLog trim -> trim(trim, batch);
            case Effect.Write.BeginSnapshot begin -> {
                installs.begin(begin.partition(), begin.install(), copies.log(begin.partition()) != null);
                empty(begin.partition(), batch);
                restart(begin.partition(), begin.at(), true, batch);
            }
            case Effect.Write.EndSnapshot end -> end(end, batch);
            case Effect.Write.Discard discard -> {
                // What is left says that there is nothing of worth: without it a start would take the copy for a new
                // one,
                // which has every entry that there is.
                installs.end(discard.partition());
                empty(discard.partition(), batch);
                restart(discard.partition(), EntryId.ZERO, true, batch);
            }
            case Effect.Write.Rebase rebase -> {
                installs.end(rebase.partition());
                emptyLog(rebase.partition(), batch);
                restart(rebase.partition(), rebase.at(), false, batch);
            }
        }
    }

    private void saveJoining(Effect.Write.SaveJoining save, Batch batch) throws RocksDBException {
        batch.put(
                Family.PARTITION, Keys.state(save.partition(), Keys.State.JOINING), StateRecord.encode(save.joining()));
    }

    private void append(Effect.Write.AppendLog append, Batch batch) throws RocksDBException {
        int partition = append.partition();
        Copies.Log log = copies.log(partition);
        if (log == null) {
            log = new Copies.Log(EntryId.ZERO, false, 0, 0);
            putBase(partition, log.base(), false, batch);
        }
        long lastSeq = log.lastSeq();
        long totalBytes = log.totalBytes();
        for (Entry entry : append.entries()) {
            require(entry.seq() == lastSeq + 1, "entry " + entry.id() + " is to follow " + lastSeq, partition);
            lastSeq = entry.seq();
            totalBytes += entry.sizeBytes();
            batch.put(Family.LOG, Keys.log(partition, lastSeq), new LogRecord(entry, totalBytes).encode());
        }
        copies.log(partition, new Copies.Log(log.base(), log.incomplete(), lastSeq, totalBytes));
    }

    private void cut(Effect.Write.CutLog cut, Batch batch) throws RocksDBException {
        int partition = cut.partition();
        long applied = copies.applied(partition).seq();
        require(cut.fromSeq() > applied, "entry " + cut.fromSeq() + " is to be cut, applied is " + applied, partition);
        Copies.Log log = copies.log(partition);
        if (log != null && cut.fromSeq() <= log.lastSeq()) {
            removeEntries(partition, cut.fromSeq(), log.lastSeq(), batch);
            // what was cut goes on counting as part of the log's size, which is a rough one
            copies.log(partition, new Copies.Log(log.base(), log.incomplete(), cut.fromSeq() - 1, log.totalBytes()));
        }
    }

    private void trim(Effect.Write.TrimLog trim, Batch batch) throws RocksDBException {
        int partition = trim.partition();
        Copies.Log log = logOf(partition);
        EntryId upTo = trim.upTo();
        EntryId applied = copies.applied(partition);
        require(upTo.seq() <= applied.seq(), "entry " + upTo + " is to be trimmed, applied is " + applied, partition);
        if (upTo.seq() > log.base().seq()) {
            removeEntries(partition, log.base().seq() + 1, upTo.seq(), batch);
            putBase(partition, upTo, log.incomplete(), batch);
            copies.log(partition, new Copies.Log(upTo, log.incomplete(), log.lastSeq(), log.totalBytes()));
        }
    }

    private void end(Effect.Write.EndSnapshot end, Batch batch) throws RocksDBException {
        int partition = end.partition();
        installs.end(partition);
        Copies.Log log = logOf(partition);
        require(log.base().equals(end.at()), "a snapshot at " + log.base() + " is to end at " + end.at(), partition);
        putBase(partition, end.at(), false, batch);
        copies.log(partition, new Copies.Log(end.at(), false, log.lastSeq(), log.totalBytes()));
    }

    private void empty(int partition, Batch batch) throws RocksDBException {
        if (copies.log(partition) != null) {
            emptyLog(partition, batch);
            batch.deleteRange(Family.DATA, Keys.from(partition), Keys.to(partition));
            batch.deleteRange(Family.EXPIRY, Keys.from(partition), Keys.to(partition));
        }
    }

    private void emptyLog(int partition, Batch batch) throws RocksDBException {
        Copies.Log log = copies.log(partition);
        if (log != null && log.lastSeq() > log.base().seq()) {
            removeEntries(partition, log.base().seq() + 1, log.lastSeq(), batch);
        }
    }

    private void restart(int partition, EntryId at, boolean incomplete, Batch batch) throws RocksDBException {
        putBase(partition, at, incomplete, batch);
        batch.put(Family.PARTITION, Keys.state(partition, Keys.State.APPLIED), StateRecord.encode(at));
        copies.log(partition, new Copies.Log(at, incomplete, at.seq(), 0));
        copies.applied(partition, at);
    }

    private static void putBase(int partition, EntryId at, boolean incomplete, Batch batch) throws RocksDBException {
        batch.put(
                Family.PARTITION,
                Keys.state(partition, Keys.State.BASE),
                StateRecord.encode(new StateRecord.Base(at, incomplete)));
    }

    private static void removeEntries(int partition, long fromSeq, long toSeq, Batch batch) throws RocksDBException {
        if (toSeq - fromSeq < SINGLE_DELETIONS) {
            for (long seq = fromSeq; seq <= toSeq; seq++) {
                batch.delete(Family.LOG, Keys.log(partition, seq));
            }
        } else {
            batch.deleteRange(Family.LOG, Keys.log(partition, fromSeq), Keys.log(partition, toSeq + 1));
        }
    }

    private Copies.Log logOf(int partition) {
        Copies.Log log = copies.log(partition);
        if (log == null) {
            throw new IllegalStateException("partition " + partition + ": there is no copy");
        }
        return log;
    }

    private static void require(boolean holds, String otherwise, int partition) {
        if (!holds) {
            throw new IllegalStateException("partition " + partition + ": " + otherwise);
        }
    }
}
