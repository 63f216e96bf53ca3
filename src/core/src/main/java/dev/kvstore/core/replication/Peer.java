package dev.kvstore.core.replication;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What a primary knows of one replica's progress, under the present epoch and the replica's present store.
 *
 * <p>Probing: one Append is under way until its answer tells where the logs agree. Streaming: Appends follow each other
 * without waiting, within a window. Snapshot: a whole copy is under way and no Append.
 */
final class Peer {
    private record Flight(long seq, long bytes) {}

    final String name;
    final String storeId;

    /** Number of the stream of Appends to the replica: what it acknowledges of a former one counts for nothing. */
    long stream;

    /** Whether {@link #matchSeq} was acknowledged under the present epoch. */
    boolean matched;

    /** The replica has every entry up to here on disk. */
    long matchSeq;

    /** The first entry that was not sent yet. */
    long nextSeq;

    /** Where to begin again while nothing is matched. */
    long startSeq;

    /** An Append is owed even if there are no entries to send. */
    boolean probe = true;

    /** It has asked for a snapshot, and too many others were under way. */
    boolean awaitsSnapshot;

    /** Entries are being read from disk for this replica. */
    boolean reading;

    /** When something was sent last, and when the replica last got on, in monotonic milliseconds. */
    long sentMs;

    long progressMs;
    /** Since when an acknowledgement is owed; -1 when none is. */
    long owedSinceMs = -1;

    /** When a learner was close enough to join for the first time since it is heard; -1 while it was not. */
    long closeSinceMs = -1;

    /** Since when its read lease has lacked; -1 while it holds. */
    long leaselessSinceMs = -1;

    /** Since when it has been catching up, in monotonic milliseconds; -1 while it is in sync. */
    long learnerSinceMs = -1;

    @Nullable
    SnapshotTransfer snapshot;

    /** Bytes of this snapshot, or of the last one, that were sent. */
    long snapshotBytes;

    private final ArrayDeque<Flight> flights = new ArrayDeque<>();
    private long flyingBytes;

    Peer(String name, String storeId, long stream, long nextSeq, long nowMs) {
        this.stream = stream;
        this.name = name;
        this.storeId = storeId;
        this.nextSeq = nextSeq;
        this.startSeq = nextSeq;
        this.progressMs = nowMs;
    }

    /** Begins again at a sequence: what was sent above it may be lost. */
    void restartAt(long seq) {
        matched = false;
        startSeq = seq;
        nextSeq = seq;
        probe = true;
        reading = false;
        flights.clear();
        flyingBytes = 0;
    }

    /** The epoch has changed: what was acknowledged before counts no more. */
    void forgetAcknowledgements() {
        restartAt(matched ? matchSeq + 1 : startSeq);
    }

    /** Sends again what was not acknowledged. */
    void resend() {
        nextSeq = matched ? matchSeq + 1 : startSeq;
        probe = true;
        reading = false;
        flights.clear();
        flyingBytes = 0;
    }

    void sent(long lastSeq, long bytes, long nowMs) {
        nextSeq = lastSeq + 1;
        probe = false;
        sentMs = nowMs;
        if (owedSinceMs < 0) {
            owedSinceMs = nowMs;
        }
        if (bytes > 0) {
            flights.addLast(new Flight(lastSeq, bytes));
            flyingBytes += bytes;
        }
    }

    void acknowledged(long seq, long nowMs, long lastSeq) {
        matchSeq = matched ? Math.max(matchSeq, seq) : seq;
        matched = true;
        progressMs = nowMs;
        nextSeq = Math.max(nextSeq, matchSeq + 1);
        while (!flights.isEmpty() && flights.getFirst().seq() <= matchSeq) {
            flyingBytes -= flights.removeFirst().bytes();
        }
        owedSinceMs = matchSeq >= lastSeq ? -1 : nowMs;
    }

    long flyingBytes() {
        return flyingBytes;
    }

    /** Whether it has owed an acknowledgement or a lease since this moment or longer. */
    boolean isSilentSince(long momentMs) {
        return (owedSinceMs >= 0 && owedSinceMs <= momentMs) || (leaselessSinceMs >= 0 && leaselessSinceMs <= momentMs);
    }

    /** The match that counts for commits: -1 while nothing is acknowledged under this epoch. */
    long counted() {
        return matched ? matchSeq : -1;
    }
}
