package dev.kvstore.core.leader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.core.message.Message.Heartbeat;
import dev.kvstore.core.message.PeerId;
import dev.kvstore.core.message.Report;
import dev.kvstore.core.ring.Assignment;
import dev.kvstore.core.ring.Desired;
import dev.kvstore.core.ring.JoinRequest;
import dev.kvstore.core.ring.Member;
import dev.kvstore.core.ring.Placement;
import dev.kvstore.core.ring.Rebalance;
import dev.kvstore.core.ring.Ring;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static final int PARTITIONS = 64;

    /** Some are dead, some silent for a while; the others say something. */
    private record Scene(Iterable<String> seen, Set<String> dead, Set<String> silent, Function<String, Report> said)
            implements Plan.Facts {
        @Override
        public boolean heardJustNow(String member) {
            return !dead.contains(member) && !silent.contains(member);
        }

        @Override
        public boolean failed(String member) {
            return dead.contains(member);
        }

        @Override
        public boolean replaced(String member) {
            return false;
        }

        @Override
        public @Nullable Sighting alive(String member) {
            if (failed(member)) {
                return null;
            }
            Report report = said.apply(member);
            Heartbeat heartbeat = new Heartbeat(1, 0, false, "", 0, 0, false, "", "", "", "", List.of(), report);
            return new Sighting(new PeerId(member, "store-" + member, 1), heartbeat);
        }
    }

    @Property(tries = 100)
    void noMorePartitionsMoveAtATimeThanAllowed(
            @ForAll @IntRange(min = 2, max = 6) int members, @ForAll @IntRange(min = 1, max = 12) int limit) {
        Desired desired = desired(members + 1, limit);
        Plan.Facts facts = allWell(desired);
        Ring ring = whole(members);
        List<List<String>> wanted = Placement.place(desired.members(), PARTITIONS, 2);
        int rounds = 0;
        while (!placed(ring).equals(wanted)) {
            ring = new Plan(ring, desired, facts, new Targets()).next();
            assertThat(moving(ring)).isLessThanOrEqualTo(limit);
            ring = filled(ring);
            assertThat(rounds++).isLessThanOrEqualTo(PARTITIONS);
        }
    }

    @Test
    void aCopyThatJoinsMakesRoomForTheNextInTheSameRing() {
        Desired desired = desired(4, 3);
        Ring begun = new Plan(whole(3), desired, allWell(desired), new Targets()).next();
        Map<String, List<JoinRequest>> joins = new TreeMap<>();
        for (int i = 0; i < PARTITIONS; i++) {
            Assignment each = begun.partition(i);
            for (String learner : each.learners()) {
                joins.computeIfAbsent(each.primary(), primary -> new ArrayList<>())
                        .add(new JoinRequest(i, each.epoch(), learner, "store-" + learner));
            }
        }
        Scene scene = new Scene(
                desired.names(),
                Set.of(),
                Set.of(),
                member -> new Report(
                        joins.getOrDefault(member, List.of()), List.of(), List.of(), List.of(), false, false));
        Ring next = new Plan(begun, desired, scene, new Targets()).next();
        assertThat(moving(begun)).isEqualTo(3);
        assertThat(moving(next)).isEqualTo(3);
        for (int i = 0; i < PARTITIONS; i++) {
            assertThat(next.partition(i).inSync())
                    .containsAll(begun.partition(i).learners());
        }
    }

    @Property(tries = 50)
    void anOrderThatIsTakenBackIsFollowedAtOnce(@ForAll @IntRange(min = 2, max = 6) int members) {
        Desired more = desired(members + 1, 3);
        Ring begun = new Plan(whole(members), more, allWell(more), new Targets()).next();
        assertThat(moving(begun)).isEqualTo(3);
        Desired asBefore = desired(members, 3);
        Ring back = new Plan(begun, asBefore, allWell(asBefore), new Targets()).next();
        assertThat(moving(back)).isZero();
    }

    @Test
    void whoAccusesMembersThatHaveFailedIsNotCutOff() {
        Map<String, String> zones = Map.of("demo-0", "a", "demo-1", "b", "demo-2", "a", "demo-3", "b");
        Desired desired = new Desired(4, zones, 2, PARTITIONS, 1, 300_000, Map.of(), false);
        Ring ring = whole(desired);
        Set<String> dead = Set.of("demo-0", "demo-2");
        Scene scene = new Scene(desired.names(), dead, Set.of(), member -> accusingAll(ring, member));
        Ring next = new Plan(ring, desired, scene, new Targets()).next();
        assertThat(next.partitions()).allSatisfy(partition -> {
            assertThat(partition.inSync()).containsExactly(partition.primary());
            assertThat(dead).doesNotContain(partition.primary());
        });
    }

    @Test
    void whoAccusesAllOthersIsCutOffIfTheyAreHeard() {
        Desired desired = desired(3, 1);
        Ring ring = whole(desired);
        Scene scene = new Scene(desired.names(), Set.of(), Set.of(), accusedBy(ring, "demo-1"));
        Ring next = new Plan(ring, desired, scene, new Targets()).next();
        assertThat(next.partitions())
                .allSatisfy(
                        partition -> assertThat(partition.inSync()).isNotEmpty().doesNotContain("demo-1"));
    }

    @Test
    void whoAccusesAllOthersKeepsItsCopyWhileTheyMayBeDying() {
        Desired desired = desired(3, 1);
        Ring ring = whole(desired);
        Scene scene = new Scene(desired.names(), Set.of(), Set.of("demo-0", "demo-2"), accusedBy(ring, "demo-1"));
        assertThat(new Plan(ring, desired, scene, new Targets()).next()).isEqualTo(ring);
    }

    @Test
    void whoIsAboutToStopIsNotWaitedForUnlessEverybodyIs() {
        Desired desired = desired(2, 1);
        Ring ring = whole(desired);
        Report draining = new Report(List.of(), List.of(), List.of(), List.of(), false, true);
        Ring next = new Plan(
                        ring,
                        desired,
                        new Scene(
                                desired.names(),
                                Set.of(),
                                Set.of(),
                                member -> member.equals("demo-1") ? draining : Report.NONE),
                        new Targets())
                .next();
        // where it is primary it has to hand over first
        assertThat(next.partitions())
                .allSatisfy(partition -> assertThat(partition.isInSync("demo-1"))
                        .isEqualTo(partition.primary().equals("demo-1")));

        Scene all = new Scene(desired.names(), Set.of(), Set.of(), member -> draining);
        assertThat(new Plan(ring, desired, all, new Targets()).next()).isEqualTo(ring);
    }

    @Test
    void aCopyOfAMemberThatIsAboutToStopDoesNotJoin() {
        Desired desired = desired(2, 1);
        Ring ring = whole(desired);
        Assignment without = ring.partition(0).withInSync(List.of("demo-0"));
        List<Assignment> partitions = new ArrayList<>(ring.partitions());
        partitions.set(0, new Assignment(2, "demo-0", 1, without.inSync(), without.replicas(), false, 0));
        Ring lacking = ring.withPartitions(partitions);
        Report asks = new Report(
                List.of(new JoinRequest(0, 2, "demo-1", "store-demo-1")),
                List.of(),
                List.of(),
                List.of(),
                false,
                false);
        for (boolean stops : List.of(false, true)) {
            Report other = new Report(List.of(), List.of(), List.of(), List.of(), false, stops);
            Scene scene =
                    new Scene(desired.names(), Set.of(), Set.of(), member -> member.equals("demo-1") ? other : asks);
            Ring next = new Plan(lacking, desired, scene, new Targets()).next();
            assertThat(next.partition(0).isInSync("demo-1")).isEqualTo(!stops);
        }
    }

    private static Function<String, Report> accusedBy(Ring ring, String accuser) {
        return member -> member.equals(accuser) ? accusingAll(ring, member) : Report.NONE;
    }

    /** The member has had no acknowledgement of anybody that it is primary for. */
    private static Report accusingAll(Ring ring, String primary) {
        List<Report.Accusation> accusations = new ArrayList<>();
        for (int i = 0; i < ring.partitions().size(); i++) {
            Assignment each = ring.partition(i);
            for (String member : each.inSync()) {
                if (each.primary().equals(primary) && !member.equals(primary)) {
                    accusations.add(new Report.Accusation(i, each.epoch(), member));
                }
            }
        }
        return new Report(List.of(), accusations, List.of(), List.of(), false, false);
    }

    private static Plan.Facts allWell(Desired desired) {
        return new Scene(desired.names(), Set.of(), Set.of(), member -> Report.NONE);
    }

    private static Desired desired(int members, int limit) {
        Map<String, String> names = new TreeMap<>();
        for (int i = 0; i < members; i++) {
            names.put("demo-" + i, "");
        }
        return new Desired(members, names, 2, PARTITIONS, 1, 300_000, Map.of(), false, new Rebalance(limit, 0));
    }

    private static Ring whole(int members) {
        return whole(desired(members, 1));
    }

    private static Ring whole(Desired desired) {
        List<Member> all = desired.names().stream()
                .map(name -> new Member(name, "store-" + name, 1, "", "", "", "", false))
                .toList();
        List<Assignment> assignments = Placement.place(desired.members(), PARTITIONS, 2).stream()
                .map(target -> new Assignment(1, target.getFirst(), 1, target, target, false, 0))
                .toList();
        return new Ring("cluster", 1, all, assignments);
    }

    private static List<List<String>> placed(Ring ring) {
        return ring.partitions().stream().map(Assignment::replicas).toList();
    }

    private static long moving(Ring ring) {
        return ring.partitions().stream()
                .filter(each -> !each.learners().isEmpty())
                .count();
    }

    /** The same when all learners have caught up. */
    private static Ring filled(Ring ring) {
        List<Assignment> assignments = new ArrayList<>();
        for (Assignment each : ring.partitions()) {
            List<String> inSync = new ArrayList<>(each.inSync());
            inSync.addAll(each.learners());
            assignments.add(each.learners().isEmpty() ? each : each.withInSync(inSync));
        }
        return ring.withPartitions(assignments);
    }
}
