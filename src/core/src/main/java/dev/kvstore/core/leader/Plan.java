package dev.kvstore.core.leader;

import dev.kvstore.core.message.Report;
import dev.kvstore.core.ring.Assignment;
import dev.kvstore.core.ring.Desired;
import dev.kvstore.core.ring.JoinRequest;
import dev.kvstore.core.ring.Member;
import dev.kvstore.core.ring.Ring;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One look of the leader at the ring and at what it has seen: the ring that should come next. Pure; it changes each
 * partition's epoch at most once, so that every step can be checked against the rules of change.
 */
final class Plan {
    /** What the leader knows of the members. */
    interface Facts {
        /** Whether the member is taken for failed. */
        boolean failed(String member);

        /** Whether the member was heard so lately that it is surely alive. */
        boolean heardJustNow(String member);

        /** Whether the member has been failed for so long that its copies are rebuilt elsewhere. */
        boolean replaced(String member);

        /** What was last seen of a member, or null when it is failed or was never seen. */
        @Nullable
        Sighting alive(String member);

        /** All names that were seen. */
        Iterable<String> seen();
    }

    private final Ring before;
    private final Desired desired;
    private final Facts facts;
    private final Targets placement;
    private final long nextVersion;
    private final Set<String> newStores = new HashSet<>();
    private final Map<String, Report> reports = new HashMap<>();
    private final Set<String> cutOff = new HashSet<>();
    private final Map<Integer, Set<String>> accused = new HashMap<>();
    private final List<JoinRequest> joins = new ArrayList<>();

    /** All members are there, with the stores that they had, and want nothing. */
    private final boolean quiet;

    Plan(Ring before, Desired desired, Facts facts, Targets placement) {
        this.placement = placement;
        this.before = before;
        this.desired = desired;
        this.facts = facts;
        this.nextVersion = before.version() + 1;
        for (Member member : before.members()) {
            Sighting sighting = facts.alive(member.name());
            if (sighting == null) {
                continue;
            }
            if (!sighting.id().storeId().equals(member.storeId())) {
                newStores.add(member.name());
            } else {
                Report report = sighting.heartbeat().report();
                reports.put(member.name(), report);
                joins.addAll(report.joins());
            }
        }
        judgeAccusations();
        this.quiet = newStores.isEmpty()
                && reports.values().stream().allMatch(Report::isEmpty)
                && before.members().stream().allMatch(this::isThere);
    }

    private boolean isThere(Member member) {
        return reports.containsKey(member.name()) && !facts.failed(member.name());
    }

    /** The requests of primaries that this plan may rest on. */
    List<JoinRequest> joins() {
        return joins;
    }

    /** The next ring, of the same version as before when there is nothing to change. */
    Ring next() {
        Ring withMembers = before.withMembers(members());
        List<List<String>> targets = targets(withMembers);
        List<Assignment> assignments = new ArrayList<>();
        for (int i = 0; i < before.partitions().size(); i++) {
            assignments.add(change(i, before.partition(i)));
        }
        beginMoves(assignments, targets);
        Ring next = dropEmptied(withMembers.withPartitions(assignments));
        return next.equals(before) ? before : next.withVersion(nextVersion);
    }

    /**
     * Gives partitions the replicas that they should have, as many as may be copied at a time. A copy that this plan takes in
     * makes room for the next one at once: where copies are small, their number in a second follows from that of rings.
     */
    private void beginMoves(List<Assignment> assignments, List<List<String>> targets) {
        long moving = -1;
        for (int i = 0; i < assignments.size(); i++) {
            Assignment assignment = assignments.get(i);
            List<String> target = targets.get(i);
            if (target.isEmpty() || target.equals(assignment.replicas())) {
                continue;
            }
            boolean begins = !isMoving(assignment) && !target.stream().allMatch(assignment::concerns);
            if (begins && moving < 0) {
                moving = assignments.stream().filter(this::isMoving).count();
            }
            if (!begins || moving < desired.rebalance().maxConcurrentMoves()) {
                moving += begins ? 1 : 0;
                assignments.set(i, assignment.withReplicas(target));
            }
        }
    }

    // ---- members

    private List<Member> members() {
        List<Member> members = new ArrayList<>();
        for (Member member : before.members()) {
            Sighting sighting = facts.alive(member.name());
            boolean leaving = isSurplus(member.name());
            members.add(sighting == null ? member.withLeaving(leaving) : sighting.asMember(desired, leaving));
        }
        for (String name : facts.seen()) {
            Sighting sighting = facts.alive(name);
            if (sighting != null
                    && before.member(name) == null
                    && desired.names().contains(name)
                    && isOurs(sighting)) {
                members.add(sighting.asMember(desired, false));
            }
        }
        return members;
    }

    private boolean isOurs(Sighting sighting) {
        String theirs = sighting.heartbeat().clusterId();
        return theirs.isEmpty() || theirs.equals(before.clusterId());
    }

    private boolean isSurplus(String name) {
        return !desired.names().contains(name) && desired.names().size() >= desired.memberCount();
    }

    private Ring dropEmptied(Ring ring) {
        if (ring.members().stream().noneMatch(Member::leaving)) {
            return ring;
        }
        Set<String> named = new HashSet<>();
        for (Assignment assignment : ring.partitions()) {
            named.addAll(assignment.inSync());
            named.addAll(assignment.replicas());
        }
        List<Member> kept = new ArrayList<>(ring.members());
        kept.removeIf(member -> member.leaving() && !named.contains(member.name()));
        return ring.withMembers(kept);
    }

    // ---- placement

    private List<List<String>> targets(Ring ring) {
        Map<String, String> places = new TreeMap<>();
        for (Member member : ring.members()) {
            if (!member.leaving() && !facts.replaced(member.name())) {
                places.put(member.name(), member.zone());
            }
        }
        return placement.place(places, ring.partitions().size(), desired.replicationFactor());
    }

    /** Whether a copy of the partition is being made; one that waits for a member that is away does not count. */
    private boolean isMoving(Assignment assignment) {
        return !assignment.lost()
                && !assignment.complete()
                && reports.containsKey(assignment.primary())
                && assignment.learners().stream()
                        .anyMatch(learner -> facts.alive(learner) != null && !cannotWrite(learner));
    }

    // ---- partitions

    private Assignment change(int partition, Assignment assignment) {
        if (quiet
                && assignment.complete()
                && assignment.inSync().size() == assignment.replicas().size()) {
            // as it is nearly always, and as none of what follows would change
            return assignment;
        }
        if (assignment.lost()) {
            return acceptLoss(partition, assignment);
        }
        Assignment dropped = drop(partition, assignment);
        if (!dropped.equals(assignment)) {
            return dropped;
        }
        Assignment joined = join(partition, assignment);
        if (!joined.equals(assignment)) {
            return joined;
        }
        Assignment handed = handOver(partition, assignment);
        return handed.equals(assignment) ? dropSurplus(assignment) : handed;
    }

    private Assignment acceptLoss(int partition, Assignment assignment) {
        Long epoch = desired.acceptLoss().get(partition);
        if (epoch == null || epoch != assignment.epoch()) {
            return assignment;
        }
        // Rather an old copy that had been left behind than none: the lost member's is certainly gone.
        List<String> candidates = new ArrayList<>(assignment.replicas());
        candidates.removeAll(assignment.inSync());
        candidates.addAll(assignment.inSync());
        for (String member : candidates) {
            if (facts.alive(member) != null && before.member(member) != null && !newStores.contains(member)) {
                return assignment.withLossAccepted(member, nextVersion);
            }
        }
        return assignment;
    }

    /** Drops who must not count as in sync any longer, and finds another primary if it was that one. */
    private Assignment drop(int partition, Assignment assignment) {
        List<String> sound = new ArrayList<>();
        for (String member : assignment.inSync()) {
            if (!newStores.contains(member) && !isGone(partition, assignment, member)) {
                sound.add(member);
            }
        }
        if (sound.isEmpty()) {
            return assignment.withLost();
        }
        List<String> fit = new ArrayList<>(sound);
        fit.removeIf(member -> facts.failed(member) || cutOff.contains(member));
        if (fit.isEmpty()) {
            // All are taken for failed. Left as it is: whoever of them comes back has every write. But whose copy is
            // gone
            // must not be among them, and a primary without a copy must not stay one.
            return sound.size() == assignment.inSync().size() ? assignment : reduced(assignment, sound, sound);
        }
        Set<String> blamed = accused.getOrDefault(partition, Set.of());
        List<String> kept = new ArrayList<>(fit);
        kept.removeIf(member -> blamed.contains(member) && !member.equals(assignment.primary()));
        List<String> writable = new ArrayList<>(kept);
        writable.removeIf(this::cannotWrite);
        if (!writable.isEmpty()) {
            kept = writable;
        }
        if (kept.contains(assignment.primary()) && !isDraining(assignment.primary())) {
            // While it still acknowledges: nobody is to wait for it once it has stopped.
            kept.removeIf(this::isDraining);
        }
        if (kept.size() == assignment.inSync().size()) {
            return assignment;
        }
        return reduced(assignment, kept, kept);
    }

    private Assignment reduced(Assignment assignment, List<String> inSync, List<String> candidates) {
        if (inSync.contains(assignment.primary())) {
            return assignment.withInSync(inSync);
        }
        String next = preferred(assignment, candidates);
        return new Assignment(
                assignment.epoch() + 1, next, nextVersion, inSync, assignment.replicas(), false, assignment.losses());
    }

    private String preferred(Assignment assignment, List<String> candidates) {
        List<String> order = new ArrayList<>(assignment.replicas());
        order.retainAll(candidates);
        order.addAll(candidates);
        for (String member : order) {
            Report report = reports.get(member);
            if (report != null && !report.draining()) {
                return member;
            }
        }
        return order.getFirst();
    }

    private boolean isGone(int partition, Assignment assignment, String member) {
        Report report = reports.get(member);
        return report != null && report.gone().contains(new Report.Gone(partition, assignment.epoch()));
    }

    /** Whether the member has said that it is about to stop. */
    private boolean isDraining(String member) {
        Report report = reports.get(member);
        return report != null && report.draining();
    }

    private boolean cannotWrite(String member) {
        Report report = reports.get(member);
        return report != null && report.cannotWrite();
    }

    private Assignment join(int partition, Assignment assignment) {
        Report report = reports.get(assignment.primary());
        if (report == null) {
            return assignment;
        }
        for (JoinRequest request : report.joins()) {
            if (request.partition() == partition && request.epoch() == assignment.epoch()) {
                String name = request.member();
                boolean welcome = before.knows(name, request.storeId())
                        && !newStores.contains(name)
                        && !facts.failed(name)
                        && !cannotWrite(name)
                        && !isDraining(name)
                        && assignment.replicas().contains(name)
                        && !assignment.isInSync(name);
                if (!welcome) {
                    return assignment.withJoinRefused();
                }
                List<String> inSync = new ArrayList<>(assignment.inSync());
                inSync.add(name);
                return assignment.withInSync(inSync);
            }
        }
        for (String blamed : accused.getOrDefault(partition, Set.of())) {
            if (!assignment.isInSync(blamed)) {
                // The primary waits for a learner that no longer answers.
                return assignment.withJoinRefused();
            }
        }
        return assignment;
    }

    private Assignment handOver(int partition, Assignment assignment) {
        Report report = reports.get(assignment.primary());
        if (report == null) {
            return assignment;
        }
        for (Report.HandOver each : report.handOvers()) {
            boolean current = each.partition() == partition && each.epoch() == assignment.epoch();
            if (current && assignment.isInSync(each.successor()) && isReady(each.successor())) {
                return assignment.withPrimary(each.successor(), nextVersion);
            }
        }
        return assignment;
    }

    private boolean isReady(String member) {
        Report report = reports.get(member);
        return !facts.failed(member) && report != null && !report.draining() && !report.cannotWrite();
    }

    /** Lets in-sync members go that need not hold a copy any more, once all that should are in sync. */
    private Assignment dropSurplus(Assignment assignment) {
        List<String> replicas = assignment.replicas();
        boolean settled = assignment.complete()
                && assignment.inSync().size() > replicas.size()
                && replicas.contains(assignment.primary())
                && replicas.stream().noneMatch(facts::failed);
        return settled ? assignment.withInSync(replicas) : assignment;
    }

    // ---- accusations

    /**
     * Replicas that their primary accuses are dropped even if the leader hears both. A primary that accuses all others that
     * it shares partitions with, more than one, is itself taken to be cut off: but only by the word of others that are
     * alive. Where several die at once, their primary may miss them a moment before the leader does, and it has the last
     * copy.
     */
    private void judgeAccusations() {
        Set<String> undecided = new HashSet<>();
        for (Map.Entry<String, Report> each : reports.entrySet()) {
            String accuser = each.getKey();
            Set<String> blamed = new HashSet<>();
            for (Report.Accusation accusation : each.getValue().accusations()) {
                if (isCurrent(accuser, accusation)) {
                    blamed.add(accusation.member());
                }
            }
            if (blamed.isEmpty()) {
                continue;
            }
            // Who waits for a learner that went away blames it too; that says nothing of its own connections.
            Set<String> partners = partners(accuser);
            partners.removeIf(facts::failed);
            if (partners.size() > 1 && blamed.containsAll(partners)) {
                boolean alive = partners.stream().allMatch(facts::heardJustNow);
                (alive ? cutOff : undecided).add(accuser);
            }
        }
        for (Map.Entry<String, Report> each : reports.entrySet()) {
            String accuser = each.getKey();
            if (cutOff.contains(accuser) || undecided.contains(accuser)) {
                continue;
            }
            for (Report.Accusation accusation : each.getValue().accusations()) {
                if (isCurrent(accuser, accusation)) {
                    accused.computeIfAbsent(accusation.partition(), partition -> new HashSet<>())
                            .add(accusation.member());
                }
            }
        }
    }

    private boolean isCurrent(String accuser, Report.Accusation accusation) {
        if (accusation.partition() >= before.partitions().size()) {
            return false;
        }
        Assignment assignment = before.partition(accusation.partition());
        return assignment.primary().equals(accuser) && assignment.epoch() == accusation.epoch();
    }

    private Set<String> partners(String member) {
        Set<String> partners = new HashSet<>();
        for (Assignment assignment : before.partitions()) {
            if (assignment.primary().equals(member)) {
                partners.addAll(assignment.inSync());
            }
        }
        partners.remove(member);
        return partners;
    }
}
