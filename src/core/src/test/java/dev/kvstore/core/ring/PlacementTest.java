package dev.kvstore.core.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PlacementTest {
    private static final double CAP = 1.1;

    @Property(tries = 300)
    void everyPartitionHasItsCopiesOnDistinctMembers(
            @ForAll @IntRange(min = 1, max = 200) int members,
            @ForAll @IntRange(max = 10) int log,
            @ForAll @IntRange(min = 1, max = 5) int copies,
            @ForAll @IntRange(max = 1000) int salt) {
        List<List<String>> placed = Placement.place(names(members, salt), 1 << log, copies);
        assertThat(placed).hasSize(1 << log);
        for (List<String> replicas : placed) {
            assertThat(replicas).hasSize(Math.min(copies, members)).doesNotHaveDuplicates();
        }
    }

    @Property(tries = 300)
    void noMemberHoldsMoreThanItsCap(
            @ForAll @IntRange(min = 1, max = 200) int members,
            @ForAll @IntRange(min = 4, max = 10) int log,
            @ForAll @IntRange(min = 1, max = 3) int copies,
            @ForAll @IntRange(max = 1000) int salt) {
        int partitions = 1 << log;
        List<List<String>> placed = Placement.place(names(members, salt), partitions, copies);
        int held = Math.min(copies, members);
        // Where the last partitions find too few distinct members below the cap, one of them takes one more.
        assertThat(greatest(placed, false)).isLessThanOrEqualTo(cap(partitions * held, members) + 1);
    }

    @Property(tries = 300)
    void primariesAreSpreadToo(
            @ForAll @IntRange(min = 1, max = 200) int members,
            @ForAll @IntRange(min = 4, max = 10) int log,
            @ForAll @IntRange(min = 2, max = 3) int copies,
            @ForAll @IntRange(max = 1000) int salt) {
        int partitions = 1 << log;
        List<List<String>> placed = Placement.place(names(members, salt), partitions, copies);
        int tenthAbove = (int) (partitions * 1.1 / members);
        assertThat(greatest(placed, true))
                .isLessThanOrEqualTo(partitions >= 10 * members ? tenthAbove : cap(partitions, members));
    }

    /** The names that clusters have as a rule. */
    @Test
    void theFourthMemberMovesLittleMoreThanItsShare() {
        for (String prefix : List.of("node", "demo-", "kv-")) {
            for (int copies = 2; copies <= 3; copies++) {
                int first = prefix.endsWith("-") ? 0 : 1;
                Map<String, String> members = new TreeMap<>();
                for (int i = 0; i < 3; i++) {
                    members.put(prefix + (first + i), "");
                }
                List<List<String>> before = Placement.place(members, 128, copies);
                members.put(prefix + (first + 3), "");
                List<List<String>> after = Placement.place(members, 128, copies);
                double least = 128.0 * copies / 4;
                assertThat((double) moved(before, after)).isLessThanOrEqualTo(1.15 * least);
                assertThat((double) greatest(after, true)).isLessThanOrEqualTo(1.1 * 128 / 4);
            }
        }
    }

    @Property(tries = 200)
    void theSameMembersInAnyOrderGiveTheSamePlacement(
            @ForAll @IntRange(min = 1, max = 50) int members, @ForAll @IntRange(max = 1000) int salt) {
        Map<String, String> sorted = new TreeMap<>(names(members, salt));
        Map<String, String> hashed = new HashMap<>(sorted);
        assertThat(Placement.place(hashed, 128, 3)).isEqualTo(Placement.place(sorted, 128, 3));
    }

    /** Over many clusters at once: a single one may be unlucky with where its tokens fall. */
    @Property(tries = 60)
    void oneMoreMemberTakesItsFairShareAndLittleElseMoves(
            @ForAll @IntRange(min = 3, max = 200) int members, @ForAll @IntRange(min = 1, max = 3) int copies) {
        int partitions = 1024;
        long moved = 0;
        int clusters = 5;
        for (int salt = 0; salt < clusters; salt++) {
            Map<String, String> before = names(members, salt);
            Map<String, String> after = new TreeMap<>(before);
            after.put("newcomer-" + salt, "");
            moved += moved(Placement.place(before, partitions, copies), Placement.place(after, partitions, copies));
        }
        double total = (double) clusters * partitions * copies;
        double fairShare = total / (members + 1);
        // The cap's slack lets a tenth of the load overflow to other members, and what overflows may shift.
        assertThat((double) moved).isLessThanOrEqualTo(fairShare + 0.2 * total);
        assertThat((double) moved).isGreaterThanOrEqualTo(0.5 * fairShare);
    }

    @Property(tries = 100)
    void copiesLieInDistinctZonesWhileThereAreEnough(
            @ForAll @IntRange(min = 2, max = 5) int zones,
            @ForAll @IntRange(min = 2, max = 10) int membersPerZone,
            @ForAll @IntRange(min = 2, max = 3) int copies) {
        Map<String, String> members = new TreeMap<>();
        for (int i = 0; i < zones * membersPerZone; i++) {
            members.put("n" + i, "zone" + i % zones);
        }
        for (List<String> replicas : Placement.place(members, 128, copies)) {
            Set<String> hit = new HashSet<>();
            replicas.forEach(name -> hit.add(members.getOrDefault(name, "")));
            assertThat(hit).hasSize(Math.min(copies, zones));
        }
    }

    private static Map<String, String> names(int members, int salt) {
        Map<String, String> names = new TreeMap<>();
        for (int i = 0; i < members; i++) {
            names.put("cluster" + salt + "-" + i, "");
        }
        return names;
    }

    private static int cap(int total, int members) {
        return (int) Math.ceil(total * CAP / members);
    }

    private static int greatest(List<List<String>> placed, boolean primariesOnly) {
        Map<String, Integer> load = new HashMap<>();
        for (List<String> replicas : placed) {
            for (String name : primariesOnly ? replicas.subList(0, 1) : replicas) {
                load.merge(name, 1, Integer::sum);
            }
        }
        return load.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    private static long moved(List<List<String>> before, List<List<String>> after) {
        long moved = 0;
        for (int i = 0; i < before.size(); i++) {
            Set<String> old = new HashSet<>(before.get(i));
            moved += after.get(i).stream().filter(name -> !old.contains(name)).count();
        }
        return moved;
    }
}
