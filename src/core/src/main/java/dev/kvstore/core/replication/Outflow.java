package dev.kvstore.core.replication;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Entry;
import dev.kvstore.core.data.EntryId;
import dev.kvstore.core.io.Effect;
import dev.kvstore.core.message.Message.Ack;
import dev.kvstore.core.message.Message.Append;
import dev.kvstore.core.message.Message.Nack;
import dev.kvstore.core.message.Message.SnapshotAck;
import dev.kvstore.core.ring.Assignment;
import dev.kvstore.core.ring.Member;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a primary brings its log to the other members: what it sends them, and what they have acknowledged. */
final class Outflow {
    private static final long SNAPSHOT_STALLED_MS = 10_000;

    private final int partition;
    private final Host host;
    private final Copy copy;
    private final Map<String, Peer> peers = new HashMap<>();
    private long epoch;

    Outflow(int partition, Host host, Copy copy) {
        this.partition = partition;
        this.host = host;
        this.copy = copy;
    }

    /** The members to serve, under this assignment; what others had acknowledged under another epoch is forgotten. */
    void assign(Assignment assignment) {
        boolean newEpoch = assignment.epoch() != epoch;
        epoch = assignment.epoch();
        for (Peer peer : List.copyOf(peers.values())) {
            // Another store behind the same name is another replica: what is known of the old one means nothing.
            if (!assignment.concerns(peer.name) || !host.ring().knows(peer.name, peer.storeId)) {
                closeSnapshot(peer);
                peers.remove(peer.name);
            } else if (newEpoch && peer.snapshot == null) {
                peer.forgetAcknowledgements();
            } else if (newEpoch) {
                peer.matched = false;
            }
        }
        for (Member member : host.ring().members()) {
            String name = member.name();
            if (!name.equals(host.self()) && assignment.concerns(name) && !peers.containsKey(name)) {
                peers.put(
                        name,
                        new Peer(
                                name,
                                member.storeId(),
                                host.nextId(),
                                copy.log().lastSeq() + 1,
                                host.now().monoMs()));
            }
        }
        for (Peer peer : peers.values()) {
            if (assignment.isInSync(peer.name)) {
                peer.learnerSinceMs = -1;
            } else if (peer.learnerSinceMs < 0) {
                peer.learnerSinceMs = host.now().monoMs();
            }
        }
    }

    @Nullable
    Peer peer(String name) {
        return peers.get(name);
    }

    Collection<Peer> peers() {
        return peers.values();
    }

    /** The greatest sequence that all of these members have on disk, -1 when one has acknowledged nothing yet. */
    long matchedBy(Collection<String> members) {
        long least = Long.MAX_VALUE;
        for (String member : members) {
            Peer peer = peers.get(member);
            least = Math.min(least, peer == null ? -1 : peer.counted());
        }
        return least;
    }

    void onAck(String from, Ack ack) {
        Peer peer = peers.get(from);
        // What was acknowledged under an older epoch, to an older process of this member, or before the replica gave up
        // what it had for a snapshot, counts for nothing.
        if (peer == null
                || ack.epoch() != epoch
                || ack.boot() != host.boot()
                || ack.stream() != peer.stream
                || ack.seq() > copy.log().lastSeq()) {
            return;
        }
        long nowMs = host.now().monoMs();
        if (peer.owedSinceMs >= 0 && nowMs - peer.owedSinceMs > host.settings().heartbeatMs()) {
            host.slow(from);
        }
        peer.acknowledged(ack.seq(), nowMs, copy.log().lastSeq());
    }

    /**
     * A replica's log does not match.
     *
     * @param learner whether it may be given a snapshot, for which it gives up what it has acknowledged
     */
    void onNack(String from, Nack nack, boolean learner) {
        Peer peer = peers.get(from);
        if (peer == null || nack.epoch() != epoch || nack.boot() != host.boot() || peer.snapshot != null) {
            return;
        }
        if (!nack.incomplete() && copy.log().contains(nack.last())) {
            peer.restartAt(nack.last().seq() + 1);
        } else if (!nack.incomplete() && copy.log().contains(nack.applied())) {
            peer.restartAt(nack.applied().seq() + 1);
        } else if (learner && host.hears(from)) {
            peer.awaitsSnapshot = !host.beginSnapshot(partition);
            if (!peer.awaitsSnapshot) {
                peer.restartAt(copy.log().lastSeq() + 1);
                peer.stream = host.nextId();
                peer.snapshotBytes = 0;
                peer.snapshot = new SnapshotTransfer(partition, host, from, nack.request(), copy.appliedSeq());
            }
        }
        peer.sentMs = host.now().monoMs();
    }

    void onSnapshotOpened(long id, EntryId at) {
        Peer peer = receiver(id);
        if (peer != null && peer.snapshot != null) {
            peer.snapshot.opened(at);
        }
    }

    void onSnapshotRead(long id, int index, Bytes data, boolean last) {
        Peer peer = receiver(id);
        if (peer != null && peer.snapshot != null) {
            peer.snapshotBytes += data.size();
            peer.snapshot.read(index, data, last, epoch);
        }
    }

    void onSnapshotAck(String from, SnapshotAck ack) {
        Peer peer = peers.get(from);
        if (peer == null || peer.snapshot == null || peer.snapshot.request() != ack.request()) {
            return;
        }
        EntryId at = peer.snapshot.at();
        if (ack.next() < 0) {
            closeSnapshot(peer);
            peer.restartAt(copy.log().lastSeq() + 1);
        } else if (ack.boot() == host.boot() && peer.snapshot.acknowledged(ack.next()) && at != null) {
            closeSnapshot(peer);
            peer.restartAt(at.seq() + 1);
        }
    }

    void onLogRead(String peerName, long fromSeq, List<Entry> entries) {
        Peer peer = peers.get(peerName);
        if (peer == null || !peer.reading || peer.nextSeq != fromSeq) {
            return;
        }
        peer.reading = false;
        // The log may have been trimmed meanwhile; the identities tell.
        if (!entries.isEmpty() && copy.log().contains(entries.getFirst().id()) && previousIsKept(fromSeq)) {
            send(peer, entries);
        }
    }

    /** Sends what is owed, within each replica's window. */
    void flush() {
        for (Peer peer : peers.values()) {
            if (peer.snapshot == null) {
                if (peer.awaitsSnapshot && host.snapshotFree()) {
                    // its turn has come: what the replica asks for by now begins the snapshot
                    peer.awaitsSnapshot = false;
                    peer.resend();
                }
                flush(peer);
            }
        }
    }

    private void flush(Peer peer) {
        long last = copy.log().lastSeq();
        while (!peer.reading && (peer.probe || (peer.matched && peer.nextSeq <= last))) {
            if (!previousIsKept(peer.nextSeq)) {
                // The log no longer reaches back so far: an Append at its base makes the learner say what it has.
                peer.restartAt(copy.log().base().seq() + 1);
            }
            if (peer.nextSeq > last || !peer.matched) {
                send(peer, peer.matched ? List.of() : firstEntries(peer));
                return;
            }
            if (peer.flyingBytes() >= host.settings().windowBytes()) {
                return;
            }
            List<Entry> entries =
                    copy.log().inMemory(peer.nextSeq, last, host.settings().appendBytes());
            if (entries == null) {
                peer.reading = true;
                peer.sentMs = host.now().monoMs();
                host.effect(new Effect.ReadLog(
                        partition, peer.name, peer.nextSeq, host.settings().appendBytes()));
                return;
            }
            send(peer, entries);
        }
    }

    /** A probe takes along what is at hand, since mostly it fits; but nothing for a member that may not be there. */
    private List<Entry> firstEntries(Peer peer) {
        if (!host.hears(peer.name)) {
            return List.of();
        }
        List<Entry> entries = copy.log()
                .inMemory(peer.nextSeq, copy.log().lastSeq(), host.settings().appendBytes());
        return entries == null ? List.of() : entries;
    }

    private boolean previousIsKept(long nextSeq) {
        return nextSeq - 1 >= copy.log().base().seq();
    }

    private void send(Peer peer, List<Entry> entries) {
        EntryId previous = copy.log().idAt(peer.nextSeq - 1);
        long bytes = 0;
        for (Entry entry : entries) {
            bytes += entry.sizeBytes();
        }
        host.send(
                peer.name,
                new Append(partition, epoch, peer.stream, previous, entries, copy.commitSeq(), everywhereSeq()));
        peer.sent(previous.seq() + entries.size(), bytes, host.now().monoMs());
    }

    /** A member acts on my ring now: if it was asked before, under this epoch, it did not listen. */
    void cameToRing(String name) {
        Peer peer = peers.get(name);
        if (peer != null && !peer.matched && peer.snapshot == null) {
            peer.resend();
        }
    }

    void tick() {
        long nowMs = host.now().monoMs();
        long resendMs = host.settings().resendMs();
        for (Peer peer : peers.values()) {
            SnapshotTransfer transfer = peer.snapshot;
            if (transfer != null) {
                if (nowMs - transfer.progressMs() > SNAPSHOT_STALLED_MS || !host.hears(peer.name)) {
                    closeSnapshot(peer);
                    peer.restartAt(copy.log().lastSeq() + 1);
                } else {
                    transfer.tick(resendMs, epoch);
                }
            } else if ((!peer.matched || peer.matchSeq < copy.log().lastSeq())
                    && nowMs - Math.max(peer.sentMs, peer.progressMs) >= resendMs) {
                peer.resend();
            }
        }
        copy.trim(everywhereSeq(), pinnedSeq());
    }

    /** Every replica has the entries up to here, as far as is known. */
    private long everywhereSeq() {
        long least = copy.appliedSeq();
        for (Peer peer : peers.values()) {
            least = Math.min(least, Math.max(0, peer.counted()));
        }
        return least;
    }

    private long pinnedSeq() {
        long least = Long.MAX_VALUE;
        for (Peer peer : peers.values()) {
            if (peer.snapshot != null) {
                least = Math.min(least, peer.snapshot.pinnedSeq());
            }
        }
        return least;
    }

    private @Nullable Peer receiver(long snapshotId) {
        for (Peer peer : peers.values()) {
            if (peer.snapshot != null && peer.snapshot.id() == snapshotId) {
                return peer;
            }
        }
        return null;
    }

    private void closeSnapshot(Peer peer) {
        if (peer.snapshot != null) {
            peer.snapshot.close();
            peer.snapshot = null;
            // What was asked before was answered by asking for the snapshot.
            peer.owedSinceMs = -1;
        }
    }

    /** Ends all transfers. */
    void close() {
        peers.values().forEach(this::closeSnapshot);
    }
}
