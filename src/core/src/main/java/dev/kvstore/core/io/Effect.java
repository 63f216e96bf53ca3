package dev.kvstore.core.io;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Entry;
import dev.kvstore.core.data.EntryId;
import dev.kvstore.core.data.Outcome;
import dev.kvstore.core.message.Message;
import dev.kvstore.core.ring.Ring;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the core wants done. Effects are begun in the order in which they are returned. Whoever carries them out may do so on
 * other threads, within what each one promises.
 */
public sealed interface Effect {
    /** Send a message to a member; dropped when there is no connection, but for what {@link Input.Undelivered} says. */
    record Send(String to, Message message) implements Effect {}

    /**
     * Write to disk and sync. Persists take place in order; after a crash a prefix of all writes is there. Answered by
     * {@link Input.Persisted}; a failed one is tried again until it succeeds.
     */
    record Persist(long id, List<Write> writes) implements Effect {}

    /**
     * Apply committed entries to the state, atomically with the sequence that the state has reached. Needs no sync. Answered
     * by {@link Input.Applied}. After a crash the state is that of some sequence up to this one.
     */
    record Apply(int partition, List<Entry> entries) implements Effect {}

    /** Look a key up in the applied state, which contains at least what was reported as applied. */
    record Lookup(long id, int partition, Bytes key) implements Effect {}

    /** Read applied keys in byte order, greater than {@code after} if given. */
    record ScanRange(
            long id, int partition, Bytes prefix, @Nullable Bytes after, int limit, boolean values) implements Effect {}

    /** Find keys of the applied state that have expired at this wall-clock time. */
    record FindExpired(int partition, long wallMs, int limit) implements Effect {}

    /** Read entries of the log that are on disk, from {@code fromSeq} on, at least one if it is there. */
    record ReadLog(int partition, String forPeer, long fromSeq, int maxBytes) implements Effect {}

    /** Take a snapshot of the partition's applied state as it is now. */
    record OpenSnapshot(int partition, long snapshotId) implements Effect {}

    /** Read a part of a snapshot; the parts are asked for in order, from 0, each perhaps more than once in a row. */
    record ReadSnapshot(int partition, long snapshotId, int index) implements Effect {}

    /** Forget a snapshot. */
    record CloseSnapshot(int partition, long snapshotId) implements Effect {}

    /**
     * Lay a part of a snapshot that came from another member aside; the parts come in order, from 0. With the last one all of
     * them are put into the state together and synced; until then none is there. Carried out only while the copy's last
     * {@link Write.BeginSnapshot}, which is on disk by now, is of this install and nothing has ended it. Answered by
     * {@link Input.PartInstalled} or {@link Input.InstallRefused}.
     */
    record InstallPart(int partition, long install, int index, Bytes data, boolean last) implements Effect {}

    /** Answer a client. */
    record Reply(long id, Outcome outcome) implements Effect {}

    /**
     * Put the ring into the register if that is still in the state that the token names ("" for: never written). Answered by
     * {@link Input.Proposed}.
     */
    record ProposeRing(long proposal, String token, Ring ring) implements Effect {}

    /** Give the leader's Lease up and do not ask for it before this time has passed. */
    record Resign(long forMs) implements Effect {}

    /** The member has stopped serving; the process may end. */
    record Drained() implements Effect {}

    /** Something that an operator should read. */
    record Notice(Level level, String code, String text) implements Effect {
        /** How much it matters. */
        public enum Level {
            INFO,
            WARNING,
            ALARM
        }
    }

    /** One write of a {@link Persist}. */
    sealed interface Write {
        /** The ring that the member acts on from now on. */
        record SaveRing(Ring ring) implements Write {}

        /** The learner that the primary waits for from now on, under this epoch. */
        record SaveJoining(int partition, Joining joining) implements Write {}

        /** Entries that follow the log's last one. */
        record AppendLog(int partition, List<Entry> entries) implements Write {}

        /** Remove the log's entries from this sequence on. */
        record CutLog(int partition, long fromSeq) implements Write {}

        /** Remove the log's entries up to this one, all of them applied. */
        record TrimLog(int partition, EntryId upTo) implements Write {}

        /**
         * Empty log and state, and mark the copy as incomplete; no Apply of the partition is under way. What an
         * {@link InstallPart} of another install has not put into the state by now never gets there.
         */
        record BeginSnapshot(int partition, EntryId at, long install) implements Write {}

        /** The copy is complete: the snapshot is installed, and state and log are at its last entry. */
        record EndSnapshot(int partition, EntryId at) implements Write {}

        /** Empty log and state, and mark the copy as incomplete. No Apply of the partition is under way. */
        record Discard(int partition) implements Write {}

        /** Empty the log and set it and the state to this identity, keeping the keys. No Apply is under way. */
        record Rebase(int partition, EntryId at) implements Write {}
    }

    /** A learner that a primary waits for, under the epoch at which it began to. */
    record Joining(String member, String storeId, long epoch) {}
}
