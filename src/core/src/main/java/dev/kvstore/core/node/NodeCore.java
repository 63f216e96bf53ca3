package dev.kvstore.core.node;

import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Input;
import dev.kvstore.core.io.Recovered;
import dev.kvstore.core.io.Self;
import dev.kvstore.core.io.Settings;
import dev.kvstore.core.io.Time;
import dev.kvstore.core.io.View;
import dev.kvstore.core.leader.Sightings;
import dev.kvstore.core.message.Message;
import dev.kvstore.core.message.PeerId;
import dev.kvstore.core.replication.Replica;
import java.util.List;
import java.util.function.Consumer;

/**
 * A member of the cluster: a state machine that takes inputs and a reading of the clocks, and returns what is to be done. It
 * has no thread, no clock, no random source and does no I/O. Not thread-safe: one event loop drives it.
 */
public final class NodeCore {
    private final Node node;

    /**
     * A member that starts.
     *
     * @param self who it is
     * @param settings times and bounds, the same at all members
     * @param recovered what its disk holds; the boot number there is already raised and synced
     * @param nonce a random text that no other start ever had; also names the cluster if this member writes its first ring
     * @param now the clocks
     */
    public NodeCore(Self self, Settings settings, Recovered recovered, String nonce, Time now) {
        this.node = new Node(self, settings, recovered, nonce, now);
    }

    /**
     * Takes inputs in.
     *
     * @param inputs in the order in which they came
     * @param now the clocks, read after the inputs were taken
     * @return what is to be done, to be begun in this order
     */
    public List<Effect> on(List<Input> inputs, Time now) {
        node.turn(now);
        for (Input input : inputs) {
            take(input);
        }
        return node.endTurn();
    }

    /** How things stand. */
    public View view() {
        return node.view();
    }

    private void take(Input input) {
        switch (input) {
            case Input.Tick tick -> node.tick();
            case Input.Received received -> receive(received.from(), received.message());
            case Input.PeerSeen peer -> node.heartbeats().peer(peer.name());
            case Input.PeerRefused peer -> node.member().sightings().refused(peer.name());
            case Input.Client client -> node.client(client);
            case Input.Undelivered lost -> node.router().onUndelivered(lost.attempt(), lost.handed(), node.nowMs());
            case Input.Persisted persisted -> node.member().outbox().persisted(persisted.id());
            case Input.Applied applied -> at(applied.partition(), replica -> replica.onApplied(applied.seq()));
            case Input.LookedUp found -> node.member().outbox().lookedUp(found.id(), found.stored());
            case Input.Scanned scanned -> node.member().outbox().scanned(scanned.id(), scanned.page());
            case Input.ExpiredFound found -> at(found.partition(), replica -> replica.onExpiredFound(found.keys()));
            case Input.LogRead read ->
                at(read.partition(), replica -> replica.onLogRead(read.forPeer(), read.fromSeq(), read.entries()));
            case Input.SnapshotOpened opened ->
                at(opened.partition(), replica -> replica.onSnapshotOpened(opened.snapshotId(), opened.at()));
            case Input.SnapshotRead read ->
                at(
                        read.partition(),
                        replica -> replica.onSnapshotRead(read.snapshotId(), read.index(), read.data(), read.last()));
            case Input.PartInstalled part ->
                at(part.partition(), replica -> replica.onPartInstalled(part.install(), part.index()));
            case Input.InstallRefused refused ->
                at(refused.partition(), replica -> replica.onInstallRefused(refused.install(), refused.why()));
            case Input.RegisterRead read -> node.registerRead(read);
            case Input.Proposed ended -> node.proposalEnded(ended);
            case Input.LeaderIs leader -> node.leaderIs(leader.name());
            case Input.DesiredIs desired -> node.member().leader().desiredIs(desired.desired());
            case Input.DiskRefuses refuses -> node.member().diskRefuses(refuses);
            case Input.Drain drain -> node.beginDrain(drain.deadlineMs());
        }
    }

    private void receive(PeerId from, Message message) {
        if (node.stopped()) {
            if (message instanceof Message.Forward forward) {
                // from who has not heard of the end yet; without an answer its outcome would be unknown
                node.refuse(from, forward);
            }
            return;
        }
        Sightings sightings = node.member().sightings();
        if (message instanceof Message.Heartbeat heartbeat) {
            node.heartbeats().received(from, heartbeat);
            return;
        }
        // A process of a member that has started again since must not be taken for the one that runs now.
        if (!sightings.current(from)) {
            return;
        }
        sightings.heard(from, node.nowMs());
        switch (message) {
            case Message.Heartbeat heartbeat -> throw new IllegalStateException("handled above");
            case Message.Goodbye goodbye -> sightings.goodbye(from);
            case Message.RingOffer offer -> node.member().rings().offer(offer.ring());
            case Message.Append append -> at(append.partition(), replica -> replica.onAppend(from, append));
            case Message.Ack ack -> at(ack.partition(), replica -> replica.onAck(from, ack));
            case Message.Nack nack -> at(nack.partition(), replica -> replica.onNack(from, nack));
            case Message.SnapshotPart part -> at(part.partition(), replica -> replica.onSnapshotPart(from, part));
            case Message.SnapshotAck ack -> at(ack.partition(), replica -> replica.onSnapshotAck(from, ack));
            case Message.Stopped stopped -> at(stopped.partition(), replica -> replica.onStopped(from, stopped));
            case Message.Forward forward -> node.forwarded(from, forward);
            case Message.Forwarded answer -> node.router().onForwarded(from.name(), answer);
            case Message.NotAppended answer -> node.router().onNotAppended(from.name(), answer, node.nowMs());
        }
    }

    private void at(int partition, Consumer<Replica> action) {
        Replica replica = node.replica(partition);
        if (replica != null) {
            action.accept(replica);
            node.member().touched(partition);
        }
    }
}
