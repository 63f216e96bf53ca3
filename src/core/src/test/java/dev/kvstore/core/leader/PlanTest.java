package dev.kvstore.core.leader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.core.message.Message.Heartbeat;
import dev.kvstore.core.message.PeerId;
import dev.kvstore.core.message.Report;
import dev.kvstore.core.ring.Assignment;
import dev.kvstore.core.ring.Desired;
import dev.kvstore.core.ring.Member;
import dev.kvstore.core.ring.Placement;
import dev.kvstore.core.ring.Rebalance;
import dev.kvstore.core.ring.Ring;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PlanTest {
    private static final int PARTITIONS = 64;

    /** Everybody is well and wants nothing. */
    private record AllWell(Iterable<String> seen) implements Plan.Facts {
        @Override
        public boolean failed(String member) {
            return false;
        }

        @Override
        public boolean replaced(String member) {
            return false;
        }

        @Override
        public Sighting alive(String member) {
            Heartbeat heartbeat = new Heartbeat(1, 0, false, "", 0, 0, false, "", "", "", "", List.of(), Report.NONE);
            return new Sighting(new PeerId(member, "store-" + member, 1), heartbeat);
        }
    }

    @Property(tries = 100)
    void noMorePartitionsMoveAtATimeThanAllowed(
            @ForAll @IntRange(min = 2, max = 6) int members, @ForAll @IntRange(min = 1, max = 12) int limit) {
        Desired desired = desired(members + 1, limit);
        AllWell facts = new AllWell(desired.names());
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

    @Property(tries = 50)
    void anOrderThatIsTakenBackIsFollowedAtOnce(@ForAll @IntRange(min = 2, max = 6) int members) {
        Desired more = desired(members + 1, 3);
        Ring begun = new Plan(whole(members), more, new AllWell(more.names()), new Targets()).next();
        assertThat(moving(begun)).isEqualTo(3);
        Desired asBefore = desired(members, 3);
        Ring back = new Plan(begun, asBefore, new AllWell(asBefore.names()), new Targets()).next();
        assertThat(moving(back)).isZero();
    }

    private static Desired desired(int members, int limit) {
        Map<String, String> names = new TreeMap<>();
        for (int i = 0; i < members; i++) {
            names.put("demo-" + i, "");
        }
        return new Desired(members, names, 2, PARTITIONS, 1, 300_000, Map.of(), false, new Rebalance(limit, 0));
    }

    private static Ring whole(int members) {
        Desired desired = desired(members, 1);
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
