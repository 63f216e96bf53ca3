package dev.kvstore.core.node;

import dev.kvstore.core.data.Operation;
import dev.kvstore.core.data.Outcome;
import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Effect.Notice.Level;
import dev.kvstore.core.io.Input;
import dev.kvstore.core.io.Recovered;
import dev.kvstore.core.io.Self;
import dev.kvstore.core.io.Settings;
import dev.kvstore.core.io.Time;
import dev.kvstore.core.io.View;
import dev.kvstore.core.message.Message;
import dev.kvstore.core.message.Message.Commit;
import dev.kvstore.core.message.PeerId;
import dev.kvstore.core.message.Report;
import dev.kvstore.core.replication.PartitionReport;
import dev.kvstore.core.replication.Replica;
import dev.kvstore.core.replication.Request;
import dev.kvstore.core.ring.Ring;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The partitions of a member, and what happens to all of them: turns, rings, requests, the end. */
final class Node {
    /** A gap between two turns that is longer than this many heartbeats makes silence meaningless. */
    private static final int GAP_HEARTBEATS = 3;

    private final Member member;
    private final Heartbeats heartbeats;
    private final Router router;
    private final Drain drain;
    private final Map<Integer, Replica> replicas = new TreeMap<>();
    private @Nullable String leaderName;
    private long wonVersion = -1;
    private boolean stopped;
    /** Something that the leader decides by may have changed in this turn. */
    private boolean newsForLeader;

    private int remoteOps;
    private long remoteBytes;
    private int ringHash;
    private long conflictAt = -1;

    Node(Self self, Settings settings, Recovered recovered, String nonce, Time now) {
        this.member = new Member(self, settings, recovered, nonce, now, this::ringChanged);
        this.heartbeats = new Heartbeats(this, member);
        this.router = new Router(
                self.name(),
                member.outbox(),
                member::ringOrNull,
                this::submit,
                name -> !member.sightings().hearsJustNow(name, nowMs()));
        this.drain = new Drain(member, router, replicas);
        Ring ring = member.ringOrNull();
        if (ring != null) {
            settle(ring);
        }
    }

    Member member() {
        return member;
    }

    Heartbeats heartbeats() {
        return heartbeats;
    }

    Router router() {
        return router;
    }

    @Nullable
    Replica replica(int partition) {
        return replicas.get(partition);
    }

    boolean stopped() {
        return stopped;
    }

    long nowMs() {
        return member.now().monoMs();
    }

    // ---- turns

    void turn(Time time) {
        if (time.monoMs() - nowMs() > GAP_HEARTBEATS * member.settings().heartbeatMs()) {
            member.sightings().lapsed(time.monoMs());
        }
        member.time(time);
    }

    void tick() {
        if (stopped) {
            return;
        }
        for (Map.Entry<Integer, Replica> each : replicas.entrySet()) {
            each.getValue().tick();
            member.touched(each.getKey());
        }
        router.tick(nowMs());
        newsForLeader = true;
        if (drain.isOver(nowMs())) {
            stop();
        }
    }

    List<Effect> endTurn() {
        if (!stopped && newsForLeader) {
            newsForLeader = false;
            member.leader().decide(member.ringOrNull(), member.emptyDisk(), nowMs());
        }
        for (int partition : member.takeTouched()) {
            Replica replica = replicas.get(partition);
            if (replica != null) {
                replica.flush();
            }
        }
        heartbeats.send();
        return member.outbox().take(nowMs());
    }

    // ---- the ring

    private void ringChanged(@Nullable Ring before, Ring after) {
        if (before != null) {
            member.leases().ringChanged(before, after);
        }
        settle(after);
        router.ringChanged(nowMs());
    }

    private void settle(Ring ring) {
        ringHash = ring.contentHash();
        heartbeats.ringChanged(ring, ring.version() == wonVersion);
        for (int i = 0; i < ring.partitions().size(); i++) {
            Recovered.@Nullable Copy found = member.recovered().copies().get(i);
            if (found != null || ring.partition(i).concerns(member.self())) {
                int partition = i;
                replicas.computeIfAbsent(i, fresh -> new Replica(partition, member, found));
            }
        }
        for (Map.Entry<Integer, Replica> each : replicas.entrySet()) {
            each.getValue().reconsider();
            member.touched(each.getKey());
        }
    }

    int ringHash() {
        return ringHash;
    }

    void registerRead(Input.RegisterRead read) {
        newsForLeader = true;
        member.leader().registerRead(read);
        Ring ring = read.ring();
        if (ring != null) {
            member.rings().offer(ring);
        }
    }

    void proposalEnded(Input.Proposed ended) {
        newsForLeader = true;
        Ring won = member.leader().proposalEnded(ended);
        if (won != null) {
            wonVersion = won.version();
            member.rings().offer(won);
        }
    }

    void leaderIs(@Nullable String name) {
        leaderName = name;
        member.leader().leaderIs(name, nowMs());
        member.reportChanged();
    }

    /** Another member acts on a ring of the same version with other content. */
    void conflict(String other) {
        if (conflictAt != member.rings().version()) {
            conflictAt = member.rings().version();
            member.effect(new Effect.Notice(
                    Level.ALARM,
                    "ring-conflict",
                    other + " acts on another ring of version " + member.rings().version() + " than I do"));
        }
    }

    // ---- requests

    void client(Input.Client client) {
        if (stopped) {
            member.effect(new Effect.Reply(client.id(), Outcome.failed(Outcome.Failure.NO_PRIMARY)));
        } else {
            router.begin(client.id(), client.operation(), client.deadlineMs(), nowMs());
        }
    }

    /** Submits a request to this member's replica of a partition; false when that could not take it. */
    boolean submit(int partition, Request request) {
        Replica replica = replicas.get(partition);
        boolean stale = request.operation() instanceof Operation.Get get && get.stale();
        if (replica == null || !(replica.reigns() || (stale && replica.servesStale()))) {
            return false;
        }
        replica.submit(request);
        member.touched(partition);
        return true;
    }

    /** An operation that another member forwards; one too many is refused at once. */
    void forwarded(PeerId from, Message.Forward forward) {
        Settings settings = member.settings();
        if (remoteOps >= settings.inFlightOps() || remoteBytes >= settings.inFlightBytes()) {
            member.send(
                    from.name(), new Message.Forwarded(forward.attempt(), Outcome.failed(Outcome.Failure.OVERLOADED)));
            return;
        }
        Ring ring = member.ringOrNull();
        Request request = new Request(
                forward.operation(),
                nowMs() + forward.remainingMs(),
                remote(from.name(), forward.attempt(), forward.operation().sizeBytes()));
        if (ring == null || !submit(Router.partitionOf(forward.operation(), ring), request)) {
            request.origin().notAppended();
        }
    }

    /** Answers a forwarded operation that this member will not carry out. */
    void refuse(PeerId from, Message.Forward forward) {
        member.send(
                from.name(),
                new Message.NotAppended(forward.attempt(), member.rings().version()));
    }

    private Request.Origin remote(String from, long attempt, int sizeBytes) {
        remoteOps++;
        remoteBytes += sizeBytes;
        return new Request.Origin() {
            @Override
            public void answered(Outcome outcome) {
                end(new Message.Forwarded(attempt, outcome));
            }

            @Override
            public void notAppended() {
                end(new Message.NotAppended(attempt, member.rings().version()));
            }

            private void end(Message answer) {
                remoteOps--;
                remoteBytes -= sizeBytes;
                member.send(from, answer);
            }
        };
    }

    // ---- heartbeats

    /** A heartbeat was taken in: leases may have come, and news for the leader. */
    void heartbeatTaken() {
        newsForLeader = true;
        for (Map.Entry<Integer, Replica> each : replicas.entrySet()) {
            each.getValue().onLease();
            member.touched(each.getKey());
        }
    }

    /** A member acts on my ring now: what it could not take before, it can. */
    void cameToRing(String name) {
        for (Map.Entry<Integer, Replica> each : replicas.entrySet()) {
            each.getValue().cameToRing(name);
            member.touched(each.getKey());
        }
    }

    void onCommit(PeerId from, Commit commit) {
        Replica replica = replicas.get(commit.partition());
        if (replica != null) {
            replica.onCommit(from, commit);
            member.touched(commit.partition());
        }
    }

    Report report() {
        PartitionReport report = new PartitionReport();
        if (member.ringOrNull() != null) {
            replicas.values().forEach(replica -> replica.report(report));
        }
        return report.build(member.diskRefuses(), member.draining());
    }

    List<Commit> commits() {
        List<Commit> commits = new ArrayList<>();
        for (Replica replica : replicas.values()) {
            Commit commit = replica.commit();
            if (commit != null) {
                commits.add(commit);
            }
        }
        return commits;
    }

    // ---- the end

    void beginDrain(long deadlineMs) {
        drain.begin(deadlineMs);
    }

    private void stop() {
        replicas.values().forEach(Replica::stop);
        router.stop();
        heartbeats.goodbye();
        stopped = true;
        member.effect(new Effect.Drained());
    }

    View view() {
        Ring ring = member.ringOrNull();
        List<View.Copy> copies = ring == null
                ? List.of()
                : replicas.values().stream().map(Replica::view).toList();
        List<View.Move> moves = new ArrayList<>();
        if (ring != null) {
            replicas.values().forEach(replica -> replica.moves(moves));
        }
        return new View(
                ring,
                leaderName,
                member.recognised(),
                member.draining(),
                new Overview(member.who(), ring, member.sightings(), nowMs()).members(),
                copies,
                List.copyOf(moves),
                router.size() + remoteOps,
                router.bytes() + remoteBytes);
    }
}
