package dev.kvstore.core.node;

import dev.kvstore.core.leader.Sighting;
import dev.kvstore.core.message.Message;
import dev.kvstore.core.message.Message.Commit;
import dev.kvstore.core.message.Message.Heartbeat;
import dev.kvstore.core.message.PeerId;
import dev.kvstore.core.message.Report;
import dev.kvstore.core.ring.Ring;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Signs of life, both ways: what a member sends to every other one, and what it learns from theirs: silence, leases, how far
 * partitions have committed, and who acts on an older ring.
 */
final class Heartbeats {
    private final Node node;
    private final Member member;
    private final Pulse pulse;
    private final TreeSet<String> peers = new TreeSet<>();

    Heartbeats(Node node, Member member) {
        this.node = node;
        this.member = member;
        this.pulse = new Pulse(member.settings(), member.nextId());
    }

    /** A member to talk to. */
    void peer(String name) {
        if (!name.equals(member.self()) && peers.add(name)) {
            member.sightings().watch(name, node.nowMs());
        }
    }

    /**
     * The member acts on this ring from now on.
     *
     * @param own whether it has put it into the register itself: then it tells the others without being asked
     */
    void ringChanged(Ring ring, boolean own) {
        ring.members().forEach(each -> peer(each.name()));
        if (own) {
            for (String each : peers) {
                if (pulse.offers(each, ring.version(), node.nowMs())) {
                    member.send(each, new Message.RingOffer(ring));
                }
            }
        }
        // At once: leases under the new ring are wanted, and others may not know it yet.
        peers.forEach(pulse::nudge);
    }

    void send() {
        long nowMs = node.nowMs();
        // A member whose disk hangs is as good as dead to the others, and should look so.
        if (node.stopped()
                || member.outbox().oldestPersistMs(nowMs) >= member.settings().failureMs()) {
            return;
        }
        for (String each : member.takeReminders()) {
            pulse.remind(each, nowMs);
        }
        if (member.takeReportNews()) {
            peers.forEach(pulse::nudge);
        }
        List<String> due = new ArrayList<>();
        for (String peer : peers) {
            if (pulse.due(peer, nowMs)) {
                due.add(peer);
            }
        }
        boolean lookAtMyself = pulse.due(member.self(), nowMs);
        if (due.isEmpty() && !lookAtMyself) {
            return;
        }
        Report report = node.report();
        if (lookAtMyself) {
            Heartbeat mine = heartbeat(pulse.next(member.self(), nowMs), 0, false, List.of(), report);
            member.sightings().heartbeat(member.peerId(), mine, -1, nowMs);
        }
        List<Commit> commits = node.commits();
        for (String peer : due) {
            sendTo(peer, commits, report, nowMs);
        }
    }

    private void sendTo(String peer, List<Commit> commits, Report report, long nowMs) {
        long id = pulse.next(peer, nowMs);
        long ackOf = pulse.toAcknowledge(peer);
        boolean grants = member.recognised() && ackOf != 0;
        if (grants && pulse.firstAcknowledgement(peer, ackOf)) {
            member.leases().granted(peer, nowMs);
        }
        member.leases().sent(peer, id, nowMs);
        List<Commit> concerning = new ArrayList<>();
        for (Commit commit : commits) {
            if (member.ring().partition(commit.partition()).concerns(peer)) {
                concerning.add(commit);
            }
        }
        member.send(peer, heartbeat(id, ackOf, grants, concerning, report));
    }

    void goodbye() {
        for (String peer : peers) {
            member.send(peer, new Message.Goodbye());
        }
    }

    private Heartbeat heartbeat(long id, long ackOf, boolean grants, List<Commit> commits, Report report) {
        return new Heartbeat(
                id,
                ackOf,
                grants,
                member.clusterId(),
                member.rings().version(),
                node.ringHash(),
                member.emptyDisk(),
                member.who().instance(),
                member.who().address(),
                member.who().peerAddress(),
                member.who().zone(),
                commits,
                report);
    }

    void received(PeerId from, Heartbeat heartbeat) {
        long nowMs = node.nowMs();
        String name = from.name();
        String theirs = heartbeat.clusterId();
        String ours = member.clusterId();
        boolean foreign = !theirs.isEmpty() && !ours.isEmpty() && !theirs.equals(ours);
        if (foreign || name.equals(member.self())) {
            return;
        }
        peer(name);
        Sighting before = member.sightings().sighting(name);
        long ackedMs = member.leases().sentMs(name, heartbeat.ackOf());
        if (!member.sightings().heartbeat(from, heartbeat, ackedMs, nowMs)) {
            if (before != null && !before.id().storeId().equals(from.storeId())) {
                // If this is the later one of two, it can only prove it by answering what I say, and I by answering it.
                pulse.received(name, heartbeat.id());
            }
            return;
        }
        if (before != null && !before.id().equals(from)) {
            pulse.forget(name);
        }
        pulse.received(name, heartbeat.id());
        Ring ring = member.ringOrNull();
        if (ring != null && heartbeat.grants() && ring.knows(name, from.storeId())) {
            member.leases()
                    .acknowledged(name, from.storeId(), heartbeat.ackOf(), heartbeat.ringVersion(), ring.version());
        }
        compareRings(name, heartbeat, before, ring, nowMs);
        for (Commit commit : heartbeat.commits()) {
            node.onCommit(from, commit);
        }
        node.heartbeatTaken();
    }

    private void compareRings(
            String name, Heartbeat heartbeat, @Nullable Sighting before, @Nullable Ring ring, long nowMs) {
        long mine = member.rings().version();
        if (heartbeat.ringVersion() > mine) {
            // It offers its ring when it hears that mine is older.
            pulse.remind(name, nowMs);
        } else if (ring != null && heartbeat.ringVersion() < mine) {
            if (pulse.offers(name, mine, nowMs)) {
                member.send(name, new Message.RingOffer(ring));
            }
        } else if (ring != null && heartbeat.ringHash() != node.ringHash()) {
            node.conflict(name);
        } else if (ring != null && (before == null || before.heartbeat().ringVersion() != mine)) {
            // It has just come to this ring, and may wait for leases under it.
            pulse.nudge(name);
            node.cameToRing(name);
        }
    }
}
