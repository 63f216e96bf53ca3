package dev.kvstore.core.replication;

import dev.kvstore.core.data.Entry;
import dev.kvstore.core.data.EntryId;
import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Effect.Notice.Level;
import dev.kvstore.core.io.Effect.Write;
import dev.kvstore.core.message.Message.Ack;
import dev.kvstore.core.message.Message.Append;
import dev.kvstore.core.message.Message.Nack;
import dev.kvstore.core.message.Message.SnapshotAck;
import dev.kvstore.core.message.Message.SnapshotPart;
import dev.kvstore.core.message.PeerId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a replica or learner does with what its primary sends. The caller has checked that a message is of the current epoch
 * and comes from that epoch's primary.
 */
final class Follower {
    /** How long a member does not ask for another snapshot after it could not install one. */
    private static final long REFUSED_PAUSE_MS = 2_000;

    /** A snapshot on its way in: parts before {@code received} were taken, those before {@code installed} are on disk. */
    private static final class Install {
        final PeerId from;
        final long request;
        final long id;
        /** Parts that came before the beginning was on disk; null from then on. */
        @Nullable
        List<SnapshotPart> early = new ArrayList<>();

        int received;
        int installed;
        /** The epoch under which a part came last. */
        long epoch;

        @Nullable
        SnapshotPart last;

        Install(PeerId from, long request, long id) {
            this.from = from;
            this.request = request;
            this.id = id;
        }

        boolean is(PeerId sender, long wanted) {
            return from.name().equals(sender.name()) && from.boot() == sender.boot() && request == wanted;
        }
    }

    private final int partition;
    private final Host host;
    private final Copy copy;
    private @Nullable Install install;
    private boolean discarding;
    /** Number of the snapshot that was asked for and would be taken; 0 for none. */
    private long wanted;

    private long refusedMs = Long.MIN_VALUE / 2;

    /** Under this epoch and this boot of its primary the log was verified up to {@code verifiedSeq}. */
    private long verifiedEpoch;

    private long verifiedBoot;
    private long verifiedSeq;

    Follower(int partition, Host host, Copy copy) {
        this.partition = partition;
        this.host = host;
        this.copy = copy;
        if (!copy.empty()) {
            // A restart must not let an older boot of the same epoch cut what a newer one had written.
            EntryId last = copy.log().last();
            this.verifiedEpoch = last.epoch();
            this.verifiedBoot = last.boot();
            this.verifiedSeq = copy.appliedSeq();
        }
    }

    /** The last epoch under which something was acknowledged by this process, or by a former one for what its log shows. */
    long verifiedEpoch() {
        return verifiedEpoch;
    }

    boolean installing() {
        return install != null;
    }

    void onAppend(PeerId from, Append append) {
        if (outdated(from, append.epoch()) || discarding) {
            return;
        }
        // A primary that sends entries has given the snapshot up, or is another one.
        install = null;
        if (copy.incomplete()) {
            nack(from, append);
            return;
        }
        EntryId previous = append.previous();
        List<Entry> entries = append.entries();
        ReplicaLog log = copy.log();
        if (previous.seq() < log.base().seq()) {
            // Everything up to the base is applied, so it is committed and the same everywhere: look at what follows
            // only.
            int skip = (int) Math.min(entries.size(), log.base().seq() - previous.seq());
            if (skip > 0) {
                previous = entries.get(skip - 1).id();
                entries = entries.subList(skip, entries.size());
            }
        }
        if (!log.contains(previous)) {
            nack(from, append);
            return;
        }
        if (!merge(entries)) {
            return;
        }
        long seq = previous.seq() + entries.size();
        // What is acknowledged from here on must not be wiped by a snapshot that is still under way.
        wanted = 0;
        verify(from, append.epoch(), seq);
        copy.flush();
        acknowledge(from, append, seq);
        copy.commitTo(Math.min(append.commitSeq(), verifiedSeq));
        copy.trim(append.trimSeq(), Long.MAX_VALUE);
    }

    /** The primary tells how far it has committed, as far as its entries were verified here. */
    void onCommit(PeerId from, long epoch, long seq) {
        if (epoch == verifiedEpoch && from.boot() == verifiedBoot && install == null && !discarding) {
            copy.commitTo(Math.min(seq, verifiedSeq));
        }
    }

    private boolean outdated(PeerId from, long epoch) {
        return epoch == verifiedEpoch && from.boot() < verifiedBoot;
    }

    private void verify(PeerId from, long epoch, long seq) {
        boolean same = epoch == verifiedEpoch && from.boot() == verifiedBoot;
        verifiedSeq = same ? Math.max(verifiedSeq, seq) : seq;
        verifiedEpoch = epoch;
        verifiedBoot = from.boot();
    }

    /** Brings the log in line with the entries; false when that would undo what is applied. */
    private boolean merge(List<Entry> entries) {
        ReplicaLog log = copy.log();
        for (Entry entry : entries) {
            if (entry.seq() <= log.lastSeq()) {
                if (log.idAt(entry.seq()).equals(entry.id())) {
                    continue;
                }
                if (entry.seq() <= copy.applyingSeq()) {
                    discard("its primary's log differs at " + entry.id() + ", which is applied here");
                    return false;
                }
                copy.cut(entry.seq());
            }
            copy.append(entry);
        }
        return true;
    }

    private void acknowledge(PeerId to, Append append, long seq) {
        Ack ack = new Ack(partition, append.epoch(), to.boot(), append.stream(), seq);
        if (copy.durableSeq() >= seq) {
            host.send(to.name(), ack);
            return;
        }
        // Disk first: the acknowledgement promises durability.
        copy.whenDurable(seq, () -> host.send(to.name(), ack));
    }

    private void nack(PeerId to, Append append) {
        EntryId last = copy.incomplete() ? EntryId.ZERO : copy.log().last();
        EntryId applied = copy.incomplete() ? EntryId.ZERO : copy.applied();
        if (copy.incomplete() && host.now().monoMs() - refusedMs < REFUSED_PAUSE_MS) {
            return;
        }
        if (wanted == 0) {
            wanted = host.nextId();
        }
        host.send(to.name(), new Nack(partition, append.epoch(), to.boot(), last, applied, copy.incomplete(), wanted));
    }

    void onSnapshotPart(PeerId from, SnapshotPart part, boolean inSync) {
        if (outdated(from, part.epoch()) || discarding) {
            return;
        }
        Install current = install;
        if (current == null || !current.is(from, part.request())) {
            // An in-sync copy is never given up for a snapshot, unless it is of no use anyway.
            if (part.request() != wanted || (inSync && !copy.incomplete())) {
                refuse(from, part.epoch(), part.request());
                return;
            }
            if (part.index() != 0 || copy.applying()) {
                return;
            }
            current = begin(from, part);
        }
        current.epoch = part.epoch();
        if (part.index() == current.received) {
            take(part, current);
        } else if (part.index() < current.installed) {
            confirm(current);
        }
    }

    private Install begin(PeerId from, SnapshotPart first) {
        Install begun = new Install(from, first.request(), host.nextId());
        install = begun;
        wanted = 0;
        // Disk first: were a part in the state before, a crash would leave it in a copy that passes for whole.
        copy.beginSnapshot(first.at(), begun.id, () -> {
            List<SnapshotPart> early = begun.early;
            begun.early = null;
            if (install == begun && early != null) {
                early.forEach(part -> write(part, begun));
            }
        });
        return begun;
    }

    private void take(SnapshotPart part, Install current) {
        current.received++;
        if (part.last()) {
            current.last = part;
        }
        if (current.early == null) {
            write(part, current);
        } else {
            current.early.add(part);
        }
    }

    private void write(SnapshotPart part, Install current) {
        host.effect(new Effect.InstallPart(partition, current.id, part.index(), part.data(), part.last()));
    }

    void onPartInstalled(long id, int index) {
        Install current = install;
        if (current == null || current.id != id) {
            return;
        }
        SnapshotPart last = current.last;
        if (last == null || index < last.index()) {
            current.installed = index + 1;
            confirm(current);
            return;
        }
        host.persist(new Write.EndSnapshot(partition, last.at()), () -> {
            if (install == current) {
                install = null;
                copy.endSnapshot();
                verify(current.from, current.epoch, last.at().seq());
                current.installed = index + 1;
                confirm(current);
            }
        });
    }

    void onInstallRefused(long id, String why) {
        Install current = install;
        if (current != null && current.id == id) {
            install = null;
            refusedMs = host.now().monoMs();
            host.effect(new Effect.Notice(
                    Level.WARNING,
                    "snapshot-refused",
                    "partition " + partition + ": the snapshot from " + current.from.name() + " is not installed: "
                            + why));
            refuse(current.from, current.epoch, current.request);
        }
    }

    private void confirm(Install current) {
        PeerId to = current.from;
        host.send(to.name(), new SnapshotAck(partition, current.epoch, to.boot(), current.request, current.installed));
    }

    private void refuse(PeerId to, long epoch, long request) {
        host.send(to.name(), new SnapshotAck(partition, epoch, to.boot(), request, -1));
    }

    /** Gives the copy up: what is applied here is not what the partition agreed on, or is not wanted any more. */
    void discard(String why) {
        if (!discarding) {
            host.effect(new Effect.Notice(
                    Level.WARNING, "copy-discarded", "partition " + partition + ": this copy is discarded: " + why));
            discarding = true;
            install = null;
        }
        continueDiscard();
    }

    /** Discards as soon as no Apply is under way. */
    void continueDiscard() {
        if (discarding && !copy.applying()) {
            copy.discard();
            discarding = false;
            verifiedSeq = 0;
            host.reportChanged();
        }
    }

    /** Gives up receiving a snapshot; the copy stays incomplete. */
    void abandonSnapshot() {
        install = null;
    }

    /** Whether the copy is of no use for promotion. */
    boolean useless() {
        return discarding || install != null || copy.incomplete();
    }
}
