package dev.kvstore.node.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.kvstore.core.io.View;
import dev.kvstore.core.io.View.Move.Kind;
import dev.kvstore.core.ring.Assignment;
import dev.kvstore.core.ring.Desired;
import dev.kvstore.core.ring.Member;
import dev.kvstore.core.ring.Placement;
import dev.kvstore.core.ring.Ring;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MovesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:01:00Z");

    private final Moves moves = new Moves();

    @Test
    void theRingImpliesCopiesForLearnersAndAHandOverToAWantedPrimaryThatHasACopy() {
        Ring ring = ring(
                assignment("a", List.of("a"), List.of("b", "a")),
                assignment("a", List.of("a", "b"), List.of("b", "a")),
                assignment("a", List.of("a", "b"), List.of("a", "b")));
        assertThat(MoveAnswer.of(ring))
                .extracting(MoveAnswer::partition, MoveAnswer::kind, MoveAnswer::from, MoveAnswer::to)
                .containsExactly(tuple(0, "copy", "a", "b"), tuple(1, "hand-over", "a", "b"));
    }

    @Test
    void aLostPartitionMovesNowhere() {
        Assignment lost = new Assignment(1, "a", 1, List.of("a"), List.of("a", "b"), true, 0);
        assertThat(MoveAnswer.of(ring(lost))).isEmpty();
    }

    @Test
    void aPrimaryTellsHowFarACopyIs() {
        View view = view(
                ring(),
                List.of(
                        new View.Move(3, "b", Kind.COPY, true, 5_500, true, 40),
                        new View.Move(4, "b", Kind.COPY, true, 0, true, 400),
                        new View.Move(5, "c", Kind.COPY, false, 0, false, 0),
                        new View.Move(6, "c", Kind.COPY, true, 0, false, 70)));
        assertThat(MoveAnswer.of(view, "a", partition -> 100, NOW))
                .containsExactly(
                        new MoveAnswer(3, "copy", "a", "b", "running", 40L, 100L, "2026-01-01T00:00:54Z"),
                        new MoveAnswer(4, "copy", "a", "b", "running", 400L, 400L, "2026-01-01T00:01:00Z"),
                        new MoveAnswer(5, "copy", "a", "c", "waiting", null, null, "2026-01-01T00:01:00Z"),
                        new MoveAnswer(6, "copy", "a", "c", "running", 70L, 70L, "2026-01-01T00:01:00Z"));
    }

    @Test
    void whatPrimariesSayCompletesWhatTheRingImplies() {
        Ring ring = ring(
                assignment("a", List.of("a"), List.of("a", "b")),
                assignment("b", List.of("b"), List.of("b", "a")),
                assignment("c", List.of("c", "a"), List.of("c", "a")));
        MoveAnswer told = new MoveAnswer(0, "copy", "a", "b", "running", 1L, 2L, "2026-01-01T00:00:54Z");
        MoveAnswer outdated = new MoveAnswer(1, "copy", "a", "c", "running", 1L, 2L, "2026-01-01T00:00:54Z");
        MoveAnswer leaving = new MoveAnswer(2, "hand-over", "c", "a", "running", null, null, "2026-01-01T00:00:54Z");
        assertThat(Moves.merged(ring, List.of(leaving, outdated, told)))
                .containsExactly(told, new MoveAnswer(1, "copy", "b", "a", null, null, null, null), leaving);
    }

    @Test
    void partitionsThatAreWherePlacementWillHaveThemNeedNotMove() {
        assertThat(moves.partitionsToMove(view(placed("a", "b", "c"), List.of()), desired("a", "b", "c")))
                .isZero();
    }

    @Test
    void aMemberThatIsToLeaveHasEverythingToMove() {
        Ring ring = placed("a", "b", "c");
        long held =
                ring.partitions().stream().filter(each -> each.concerns("c")).count();
        assertThat(moves.partitionsToMove(view(ring, List.of()), desired("a", "b")))
                .isGreaterThanOrEqualTo((int) held);
    }

    @Test
    void nothingIsToMoveBeforeThereIsARing() {
        View none = new View(null, null, false, false, Map.of(), List.of(), List.of(), 0, 0);
        assertThat(moves.partitionsToMove(none, desired("a"))).isZero();
    }

    private static Ring placed(String... names) {
        Map<String, String> members = new TreeMap<>();
        for (String name : names) {
            members.put(name, "");
        }
        List<Assignment> assignments = new ArrayList<>();
        for (List<String> target : Placement.place(members, 32, 2)) {
            assignments.add(assignment(target.getFirst(), target, target));
        }
        return ring(assignments.toArray(Assignment[]::new));
    }

    private static Desired desired(String... names) {
        Map<String, String> members = new TreeMap<>();
        for (String name : names) {
            members.put(name, "");
        }
        return new Desired(names.length, members, 2, 32, 1, 300_000, Map.of(), false);
    }

    private static Assignment assignment(String primary, List<String> inSync, List<String> replicas) {
        return new Assignment(1, primary, 1, inSync, replicas, false, 0);
    }

    private static Ring ring(Assignment... assignments) {
        return new Ring("id", 7, List.of(member("a"), member("b"), member("c")), List.of(assignments));
    }

    private static View view(Ring ring, List<View.Move> moves) {
        return new View(ring, null, true, false, Map.of(), List.of(), moves, 0, 0);
    }

    private static Member member(String name) {
        return new Member(name, "store-" + name, 1, "", name + ":1", name + ":10001", "", false);
    }
}
