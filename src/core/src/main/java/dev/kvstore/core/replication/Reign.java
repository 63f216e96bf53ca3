package dev.kvstore.core.replication;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Change;
import dev.kvstore.core.data.Entry;
import dev.kvstore.core.data.EntryId;
import dev.kvstore.core.data.Operation;
import dev.kvstore.core.data.Outcome;
import dev.kvstore.core.data.Outcome.Failure;
import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Effect.Joining;
import dev.kvstore.core.io.Effect.Write;
import dev.kvstore.core.io.View;
import dev.kvstore.core.message.Message.Commit;
import dev.kvstore.core.message.Message.Nack;
import dev.kvstore.core.message.Message.Stopped;
import dev.kvstore.core.ring.Assignment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A member's time as primary of a partition, from the ring that made it so to the one that makes another.
 *
 * <p>Legal transitions: GRACE (a predecessor may still hold a lease) to TAKEOVER (bringing everybody to this log) to SERVING,
 * and no way back; serving may be paused for a hand-over. A change of the in-sync members changes the epoch, not the phase.
 */
final class Reign implements Evaluation.Reign {
    private enum Phase {
        GRACE,
        TAKEOVER,
        SERVING
    }

    private final int partition;
    private final Host host;
    private final Copy copy;
    private final Outflow outflow;
    private final Evaluation evaluation;
    private final HandingOver handingOver;
    private final ArrayDeque<Request> waiting = new ArrayDeque<>();
    private Assignment assignment;
    private Phase phase = Phase.GRACE;
    private long takeoverSeq = Long.MAX_VALUE;
    private @Nullable Joining joining;

    /** The members without whose acknowledgement nothing is committed, and without whose lease nothing is read. */
    private List<String> needed = List.of();

    private boolean joiningOnItsWay;
    private long sweptMs;
    private boolean sweeping;

    Reign(int partition, Host host, Copy copy, Assignment assignment, @Nullable Joining joining) {
        this.partition = partition;
        this.host = host;
        this.copy = copy;
        this.assignment = assignment;
        this.joining = joining;
        this.outflow = new Outflow(partition, host, copy);
        this.evaluation = new Evaluation(partition, host, this, copy);
        this.handingOver = new HandingOver(host);
        this.sweptMs = host.now().monoMs();
        copy.applyAtOnce(true);
        assign(assignment);
    }

    Outflow outflow() {
        return outflow;
    }

    /** Version of the ring that made this member primary. */
    long since() {
        return assignment.since();
    }

    View.Role role() {
        return phase == Phase.SERVING ? View.Role.SERVING : View.Role.TAKING_OVER;
    }

    /** The ring has changed, and this member is primary still. */
    void assign(Assignment now) {
        if (joining != null && joining.epoch() != now.epoch()) {
            // A ring of a higher epoch has answered, with yes or no.
            joining = null;
        }
        assignment = now;
        needed = whomToWaitFor();
        outflow.assign(now);
        advance();
    }

    /** Takes a request on, now or when the partition serves. */
    void submit(Request request) {
        if (phase == Phase.SERVING && !handingOver.paused()) {
            evaluation.begin(request);
        } else {
            waiting.add(request);
        }
    }

    /** Answers a read that may be stale, if what it asks for is committed and not applied yet. */
    boolean answersFromMemory(Request request, Bytes key) {
        return evaluation.answersFromMemory(request, key);
    }

    /** Goes as far as acknowledgements, disk and leases allow. */
    void advance() {
        if (phase == Phase.GRACE && host.now().monoMs() >= host.leases().graceEndsMs(partition)) {
            phase = Phase.TAKEOVER;
        }
        if (phase == Phase.GRACE) {
            return;
        }
        copy.commitTo(Math.min(copy.durableSeq(), outflow.matchedBy(needed)));
        if (phase == Phase.TAKEOVER) {
            takeOver();
        }
        if (phase == Phase.SERVING) {
            evaluation.settle();
            if (handingOver.paused()) {
                handingOver.settled(isStill());
            } else if (!waiting.isEmpty()) {
                List<Request> begun = List.copyOf(waiting);
                waiting.clear();
                begun.forEach(evaluation::begin);
            }
        }
    }

    private void takeOver() {
        if (takeoverSeq == Long.MAX_VALUE) {
            long floor = assignment.sequenceFloor();
            if (copy.log().lastSeq() < floor) {
                if (copy.appliedSeq() < copy.log().lastSeq() || copy.applying()) {
                    return;
                }
                // The loss of the last copy was accepted: no version number from before it may match again.
                if (copy.incomplete()) {
                    copy.discard();
                }
                copy.rebase(new EntryId(assignment.epoch(), host.boot(), floor));
                outflow.assign(assignment);
            }
            takeoverSeq = append(new Change.Noop());
        }
        if (copy.appliedSeq() >= takeoverSeq) {
            phase = Phase.SERVING;
            copy.applyAtOnce(false);
        }
    }

    private List<String> whomToWaitFor() {
        List<String> members = new ArrayList<>(assignment.inSync());
        members.remove(host.self());
        if (joining != null && !members.contains(joining.member())) {
            members.add(joining.member());
        }
        return members;
    }

    @Override
    public long append(Change change) {
        EntryId id = new EntryId(assignment.epoch(), host.boot(), copy.log().lastSeq() + 1);
        copy.append(new Entry(id, change));
        return id.seq();
    }

    @Override
    public boolean leaseHolds() {
        for (String member : needed) {
            if (!leaseOf(member)) {
                return false;
            }
        }
        return true;
    }

    private boolean leaseOf(String member) {
        Peer peer = outflow.peer(member);
        return peer != null
                && host.leases()
                        .holds(
                                member,
                                peer.storeId,
                                assignment.since(),
                                host.now().monoMs());
    }

    @Override
    public @Nullable Failure refusal() {
        if (host.diskRefuses()) {
            return Failure.DISK_FULL;
        }
        return assignment.inSync().size() < host.minInSync() ? Failure.TOO_FEW_COPIES : null;
    }

    /** A replica's log does not match. */
    void onNack(String from, Nack nack) {
        // Who is in sync, or may have become so by a request that is under way, must keep what it has acknowledged.
        outflow.onNack(from, nack, !joiningOnItsWay && !needed.contains(from));
    }

    /** Ends a turn: what was appended goes to disk and to the others. */
    void flush() {
        copy.flush();
        if (phase != Phase.GRACE) {
            outflow.flush();
        }
    }

    void tick() {
        long nowMs = host.now().monoMs();
        expire(nowMs);
        advance();
        if (phase == Phase.GRACE) {
            return;
        }
        outflow.tick();
        watch(nowMs);
        if (phase == Phase.SERVING) {
            handingOver.tick(assignment, joining == null && !joiningOnItsWay);
            handingOver.settled(isStill());
            join(nowMs);
            sweep(nowMs);
        }
    }

    private void expire(long nowMs) {
        evaluation.expire(nowMs);
        waiting.removeIf(request -> {
            boolean due = request.deadlineMs() <= nowMs;
            if (due) {
                request.answer(Outcome.failed(Failure.NO_PRIMARY));
            }
            return due;
        });
    }

    /** Notes since when each needed member owes its lease. */
    private void watch(long nowMs) {
        for (Peer peer : outflow.peers()) {
            if (leaseOf(peer.name)) {
                peer.leaselessSinceMs = -1;
            } else if (peer.leaselessSinceMs < 0) {
                peer.leaselessSinceMs = nowMs;
            }
        }
    }

    /** Begins to wait for a learner that has nearly caught up. */
    private void join(long nowMs) {
        if (joining != null || joiningOnItsWay || handingOver.paused() || host.diskFails()) {
            return;
        }
        for (String learner : assignment.learners()) {
            Peer peer = outflow.peer(learner);
            if (peer != null && !host.couldReign(learner)) {
                // Who is away owes nothing, and the leader would refuse one who cannot write, with an epoch each time.
                peer.owedSinceMs = -1;
                peer.closeSinceMs = -1;
            } else if (peer != null && mayJoin(peer, nowMs)) {
                Joining next = new Joining(learner, peer.storeId, assignment.epoch());
                joiningOnItsWay = true;
                // Disk first: a restart must not forget that it waits for this learner.
                host.persist(new Write.SaveJoining(partition, next), () -> {
                    joiningOnItsWay = false;
                    if (next.epoch() == assignment.epoch()) {
                        joining = next;
                        needed = whomToWaitFor();
                        peer.leaselessSinceMs = -1;
                        host.reportChanged();
                    }
                });
                return;
            }
        }
    }

    /**
     * From the moment that it joins, everybody waits for it. One that is slow to answer, as a process is that has just been
     * started on a busy machine, is given some time to warm up first; but not by a primary that is about to stop, and that may
     * have nobody else to hand over to.
     */
    private boolean mayJoin(Peer peer, long nowMs) {
        if (!isClose(peer, nowMs)) {
            return false;
        }
        if (peer.closeSinceMs < 0) {
            peer.closeSinceMs = nowMs;
        }
        return host.isSteady(peer.name)
                || host.draining()
                || nowMs - peer.closeSinceMs >= host.settings().warmUpMs();
    }

    private boolean isClose(Peer peer, long nowMs) {
        long last = copy.log().lastSeq();
        return peer.snapshot == null
                && peer.matched
                && (peer.matchSeq == last
                        || (peer.matchSeq >= last - host.settings().closeEntries()
                                && nowMs - peer.progressMs < host.settings().resendMs()));
    }

    /** Looks for expired keys, so that what nobody asks for goes too. */
    private void sweep(long nowMs) {
        if (!sweeping && nowMs - sweptMs >= host.settings().sweepMs() && refusal() == null) {
            sweeping = true;
            sweptMs = nowMs;
            host.effect(new Effect.FindExpired(
                    partition, host.now().wallMs(), host.settings().sweepKeys()));
        }
    }

    void onExpiredFound(List<Bytes> keys) {
        sweeping = false;
        if (phase == Phase.SERVING && !handingOver.paused()) {
            long deadlineMs = host.now().monoMs() + 10 * host.settings().leaseMs();
            for (Bytes key : keys) {
                evaluation.begin(new Request(new Operation.Expire(key), deadlineMs, Nobody.INSTANCE));
            }
        }
    }

    /** Nobody waits for the end of what the store asks of itself; the next search asks again. */
    private enum Nobody implements Request.Origin {
        INSTANCE;

        @Override
        public void answered(Outcome outcome) {}

        @Override
        public void notAppended() {}
    }

    /** What is wanted of the leader for this partition. */
    void report(PartitionReport report) {
        long epoch = assignment.epoch();
        if (phase == Phase.GRACE) {
            return;
        }
        Joining candidate = joining;
        if (candidate != null) {
            Peer joiner = outflow.peer(candidate.member());
            if (joiner == null || !joiner.storeId.equals(candidate.storeId())) {
                // It lost its disk, or its place, while it was joining: only a refusal ends the waiting.
                report.accuse(partition, epoch, candidate.member());
            } else if (joiner.counted() >= copy.commitSeq()) {
                report.join(partition, candidate);
            }
        }
        long latestMs = host.now().monoMs() - host.settings().failureMs();
        if (host.attentiveSinceMs() < latestMs) {
            for (String member : needed) {
                Peer peer = outflow.peer(member);
                if (peer == null || peer.isSilentSince(latestMs)) {
                    report.accuse(partition, epoch, member);
                }
            }
        }
        String successor = handingOver.successor();
        if (successor != null && isStill()) {
            report.handOver(partition, epoch, successor);
        }
    }

    private boolean isStill() {
        return evaluation.idle() && copy.commitSeq() == copy.log().lastSeq();
    }

    /** Adds what moves, or waits to, of this partition. */
    void moves(List<View.Move> moves) {
        long nowMs = host.now().monoMs();
        if (!assignment.complete()) {
            for (String learner : assignment.learners()) {
                Peer peer = outflow.peer(learner);
                if (peer != null && peer.learnerSinceMs >= 0) {
                    boolean snapshot = peer.snapshot != null;
                    boolean active = host.hears(learner) && (snapshot || peer.matched);
                    moves.add(new View.Move(
                            partition,
                            learner,
                            View.Move.Kind.COPY,
                            active,
                            nowMs - peer.learnerSinceMs,
                            snapshot,
                            peer.snapshotBytes));
                }
            }
        }
        String successor = handingOver.wantedSinceMs() < 0 ? null : handingOver.wanted(assignment);
        if (successor != null) {
            long forMs = nowMs - handingOver.wantedSinceMs();
            moves.add(new View.Move(
                    partition, successor, View.Move.Kind.HAND_OVER, handingOver.paused(), forMs, false, 0));
        }
    }

    /** How far the partition has committed, or null when this reign has nothing to say yet. */
    @Nullable
    Commit commit() {
        return phase == Phase.GRACE ? null : new Commit(partition, assignment.epoch(), copy.commitSeq());
    }

    /**
     * The reign is over: another primary is named, or this member is not believed any more.
     *
     * @param now the assignment that ends it
     * @param undecided takes the writes that are in flight
     */
    void end(Assignment now, Undecided undecided) {
        evaluation.end(copy.commitSeq(), undecided);
        waiting.forEach(Request::notAppended);
        waiting.clear();
        handingOver.end();
        outflow.close();
        copy.applyAtOnce(false);
        copy.flush();
        if (!now.primary().equals(host.self())) {
            host.send(now.primary(), new Stopped(partition, now.since()));
        }
    }
}
