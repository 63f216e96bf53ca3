package dev.kvstore.core.node;

import dev.kvstore.core.leader.Sighting;
import dev.kvstore.core.replication.Replica;
import dev.kvstore.core.ring.Assignment;
import dev.kvstore.core.ring.Ring;
import java.util.Map;

/** The way of a member that was told to stop, until it may: what it is primary of goes to others, and nobody needs it any more. */
final class Drain {
    private final Member member;
    private final Router router;
    private final Map<Integer, Replica> replicas;
    private long deadlineMs;
    private long handedOverMs = Long.MAX_VALUE;
    /** Of the ring by which nothing was left to hand over. */
    private long handedOverVersion;

    Drain(Member member, Router router, Map<Integer, Replica> replicas) {
        this.member = member;
        this.router = router;
        this.replicas = replicas;
    }

    void begin(long deadlineMs) {
        this.deadlineMs = deadlineMs;
        member.draining(true);
    }

    /**
     * Whether it has begun and the member may stop: when nothing is left to hand over, nobody waits for this member and nobody
     * forwards to it any more; or when nobody is there who could change that, or no time is left. To be asked in every tick.
     */
    boolean isOver(long nowMs) {
        if (!member.draining()) {
            return false;
        }
        boolean undecided = replicas.values().stream().anyMatch(Replica::undecided);
        if (waitsForSuccessor() || undecided || isWaitedFor()) {
            handedOverMs = Long.MAX_VALUE;
        } else if (handedOverMs == Long.MAX_VALUE) {
            handedOverMs = nowMs;
            handedOverVersion = member.rings().version();
        }
        // What was forwarded still comes back; but new requests may go on coming as long as this member answers them.
        boolean served =
                router.size() == 0 || nowMs - handedOverMs >= member.settings().pauseMs();
        return nowMs >= deadlineMs || (handedOverMs <= nowMs && served && othersFollow(handedOverVersion));
    }

    /**
     * Whether every member that is heard acts on this version or a newer one. Whoever does not may still forward operations
     * here. Its messages come in their order: what it forwarded before was answered.
     */
    private boolean othersFollow(long version) {
        for (String name : member.sightings().names()) {
            Sighting sighting = member.sightings().sighting(name);
            boolean other = !name.equals(member.self()) && member.hears(name);
            if (other && sighting != null && sighting.heartbeat().ringVersion() < version) {
                return false;
            }
        }
        return true;
    }

    private boolean waitsForSuccessor() {
        for (Map.Entry<Integer, Replica> each : replicas.entrySet()) {
            if (each.getValue().reigns()) {
                Assignment assignment = member.ring().partition(each.getKey());
                if (assignment.inSync().stream().anyMatch(member::couldReign)
                        || assignment.learners().stream().anyMatch(member::couldReign)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether primaries need this member's acknowledgements, and somebody leads who will see to it that they do not. */
    private boolean isWaitedFor() {
        Ring ring = member.ringOrNull();
        return ring != null
                && member.led()
                && ring.partitions().stream()
                        .anyMatch(partition ->
                                partition.isInSync(member.self()) && member.couldReign(partition.primary()));
    }
}
