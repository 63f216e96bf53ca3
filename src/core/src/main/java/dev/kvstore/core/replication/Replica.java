package dev.kvstore.core.replication;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Entry;
import dev.kvstore.core.data.EntryId;
import dev.kvstore.core.data.Operation;
import dev.kvstore.core.data.Outcome;
import dev.kvstore.core.io.Effect.Joining;
import dev.kvstore.core.io.Recovered;
import dev.kvstore.core.io.View;
import dev.kvstore.core.message.Message.Ack;
import dev.kvstore.core.message.Message.Append;
import dev.kvstore.core.message.Message.Commit;
import dev.kvstore.core.message.Message.Nack;
import dev.kvstore.core.message.Message.SnapshotAck;
import dev.kvstore.core.message.Message.SnapshotPart;
import dev.kvstore.core.message.Message.Stopped;
import dev.kvstore.core.message.PeerId;
import dev.kvstore.core.ring.Assignment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One partition at one member: its copy, what it does as a replica, and its reign while the ring names it primary. All of it
 * belongs to the member's event loop.
 */
public final class Replica {
    private final int partition;
    private final Host host;
    private final Copy copy;
    private final Follower follower;
    private final @Nullable Joining foundJoining;
    private final long epochAtStart;
    private final Undecided undecided = new Undecided();
    private @Nullable Reign reign;
    private boolean ended;

    /** The member that said it has stopped reigning, and since which version of the ring another reigns in its place. */
    private String stoppedMember = "";

    private long stoppedSince = -1;

    /** A replica of what the disk held when the member started, if anything. */
    public Replica(int partition, Host host, Recovered.@Nullable Copy found) {
        this.partition = partition;
        this.host = host;
        this.foundJoining = found == null ? null : found.joining();
        this.copy = new Copy(partition, host, found, this::onLease);
        this.follower = new Follower(partition, host, copy);
        this.epochAtStart = assignment().epoch();
    }

    private Assignment assignment() {
        return host.ring().partition(partition);
    }

    /** The member acts on another ring now, or may be believed again, or its copy may. */
    public void reconsider() {
        Assignment now = assignment();
        boolean mine =
                !ended && host.recognised() && !now.lost() && now.primary().equals(host.self());
        Reign current = reign;
        if (current != null && (!mine || current.since() != now.since())) {
            current.end(now, undecided);
            reign = null;
            current = null;
        }
        if (!now.concerns(host.self())) {
            undecided.end();
        }
        if (current != null) {
            current.assign(now);
        } else if (mine && fitToReign(now)) {
            if (stoppedSince == now.since()) {
                host.leases().stopped(partition, stoppedMember);
            }
            boolean stillJoining = foundJoining != null && foundJoining.epoch() == now.epoch();
            reign = new Reign(partition, host, copy, now, stillJoining ? foundJoining : null);
        }
    }

    private boolean fitToReign(Assignment now) {
        if (!follower.useless()) {
            return true;
        }
        // After an accepted loss a member starts over, even from nothing.
        boolean startsOver = copy.log().lastSeq() < now.sequenceFloor() && !copy.applying();
        if (startsOver) {
            follower.abandonSnapshot();
        }
        return startsOver;
    }

    /** Takes on an operation, or says at once that it does not. */
    public void submit(Request request) {
        Reign current = reign;
        if (request.operation() instanceof Operation.Get get && get.stale() && servesStale()) {
            if (current == null || !current.answersFromMemory(request, get.key())) {
                host.lookup(
                        partition,
                        get.key(),
                        stored -> request.answer(Outcome.read(stored, host.now().wallMs())));
            }
        } else if (current != null) {
            current.submit(request);
        } else {
            request.notAppended();
        }
    }

    /** Whether a read that may be stale can be answered here. */
    public boolean servesStale() {
        Assignment now = assignment();
        return host.recognised() && !now.lost() && !follower.useless() && now.concerns(host.self()) && !copy.empty();
    }

    /** Whether the sender is the primary of my epoch and I am one of its replicas; otherwise the two exchange rings. */
    private boolean agrees(PeerId from, long epoch) {
        Assignment now = assignment();
        if (epoch == now.epoch()
                && from.name().equals(now.primary())
                && host.ring().knows(from.name(), from.storeId())
                && host.recognised()
                && reign == null
                && now.concerns(host.self())
                && !now.lost()) {
            return true;
        }
        host.disagreed(from.name());
        return false;
    }

    /** The primary sends entries. */
    public void onAppend(PeerId from, Append append) {
        if (agrees(from, append.epoch())) {
            follower.onAppend(from, append);
        }
    }

    /** The primary sends a part of a snapshot. */
    public void onSnapshotPart(PeerId from, SnapshotPart part) {
        if (agrees(from, part.epoch())) {
            follower.onSnapshotPart(from, part, assignment().isInSync(host.self()));
        }
    }

    /** The primary tells in its heartbeat how far it has committed. */
    public void onCommit(PeerId from, Commit commit) {
        Assignment now = assignment();
        if (commit.epoch() == now.epoch() && from.name().equals(now.primary()) && agrees(from, commit.epoch())) {
            follower.onCommit(from, commit.epoch(), commit.seq());
        }
    }

    /** A member acts on my ring now. */
    public void cameToRing(String name) {
        if (reign != null) {
            reign.outflow().cameToRing(name);
        }
    }

    /** A replica has entries on disk. */
    public void onAck(PeerId from, Ack ack) {
        Reign current = reign;
        if (current != null && host.ring().knows(from.name(), from.storeId())) {
            current.outflow().onAck(from.name(), ack);
            current.advance();
        }
    }

    /** A replica's log does not match. */
    public void onNack(PeerId from, Nack nack) {
        Reign current = reign;
        if (current != null && host.ring().knows(from.name(), from.storeId())) {
            current.onNack(from.name(), nack);
        }
    }

    /** A learner has parts of a snapshot on disk. */
    public void onSnapshotAck(PeerId from, SnapshotAck ack) {
        Reign current = reign;
        if (current != null && host.ring().knows(from.name(), from.storeId())) {
            current.outflow().onSnapshotAck(from.name(), ack);
        }
    }

    /** A former primary has stopped. */
    public void onStopped(PeerId from, Stopped stopped) {
        stoppedSince = stopped.since();
        stoppedMember = from.name();
        Reign current = reign;
        if (current != null && current.since() == stopped.since()) {
            host.leases().stopped(partition, from.name());
            current.advance();
        }
    }

    /** Leases may have come, or more is on disk. */
    public void onLease() {
        Reign current = reign;
        if (current != null) {
            current.advance();
        }
    }

    /** Entries are applied, here. */
    public void onApplied(long seq) {
        copy.applied(seq);
        follower.continueDiscard();
        onLease();
    }

    /** Entries were read from the log. */
    public void onLogRead(String forPeer, long fromSeq, List<Entry> entries) {
        Reign current = reign;
        if (current != null) {
            current.outflow().onLogRead(forPeer, fromSeq, entries);
        }
    }

    /** A snapshot was taken. */
    public void onSnapshotOpened(long id, EntryId at) {
        Reign current = reign;
        if (current != null) {
            current.outflow().onSnapshotOpened(id, at);
        }
    }

    /** A part of a snapshot was read. */
    public void onSnapshotRead(long id, int index, Bytes data, boolean last) {
        Reign current = reign;
        if (current != null) {
            current.outflow().onSnapshotRead(id, index, data, last);
        }
    }

    /** A part of a snapshot was laid aside, or all of it installed. */
    public void onPartInstalled(long install, int index) {
        follower.onPartInstalled(install, index);
    }

    /** A snapshot could not be installed. */
    public void onInstallRefused(long install, String why) {
        follower.onInstallRefused(install, why);
    }

    /** Expired keys were found. */
    public void onExpiredFound(List<Bytes> keys) {
        Reign current = reign;
        if (current != null) {
            current.onExpiredFound(keys);
        }
    }

    /** Time has passed. */
    public void tick() {
        copy.applyNow();
        follower.continueDiscard();
        undecided.expire(host.now().monoMs());
        Assignment now = assignment();
        if (reign != null) {
            reign.tick();
        } else if (now.primary().equals(host.self())) {
            reconsider();
        } else if (host.recognised() && !now.concerns(host.self()) && now.complete() && !copy.empty()) {
            // What was acknowledged under this epoch may still be counted, if this member is wanted again under it.
            if (now.epoch() > Math.max(epochAtStart, follower.verifiedEpoch())) {
                follower.discard("the partition lives elsewhere");
            }
        }
    }

    /** Ends a turn: hands over what goes to disk and to others. */
    public void flush() {
        if (reign != null) {
            reign.flush();
        } else {
            copy.flush();
        }
        undecided.settle(copy);
    }

    /** Adds what is wanted of the leader. */
    public void report(PartitionReport report) {
        Assignment now = assignment();
        if (reign != null) {
            reign.report(report);
        } else if (host.recognised() && now.isInSync(host.self()) && follower.useless()) {
            report.gone(partition, now.epoch());
        }
    }

    /** How far the partition has committed, while this member is its primary. */
    public @Nullable Commit commit() {
        return reign == null ? null : reign.commit();
    }

    /** Whether this member is the partition's primary and must hand it over before it stops. */
    public boolean reigns() {
        return reign != null;
    }

    /** Stops serving for good, also if a ring that comes later names this member still. */
    public void stop() {
        ended = true;
        if (reign != null) {
            reign.end(assignment(), undecided);
            reign = null;
        }
        undecided.end();
    }

    /** Whether clients wait to hear what became of writes of a reign that has ended. */
    public boolean undecided() {
        return !undecided.isEmpty();
    }

    /** Adds what moves, or waits to, of this partition, if this member is its primary. */
    public void moves(List<View.Move> moves) {
        if (reign != null) {
            reign.moves(moves);
        }
    }

    /** How this copy stands. */
    public View.Copy view() {
        Assignment now = assignment();
        View.Role role;
        if (reign != null) {
            role = reign.role();
        } else if (!host.recognised() || !now.concerns(host.self())) {
            role = View.Role.LEFT_OVER;
        } else if (follower.installing()) {
            role = View.Role.INSTALLING;
        } else {
            role = now.isInSync(host.self()) ? View.Role.REPLICA : View.Role.LEARNER;
        }
        return new View.Copy(
                partition,
                role,
                copy.log().lastSeq(),
                copy.appliedSeq(),
                copy.log().bytes());
    }
}
