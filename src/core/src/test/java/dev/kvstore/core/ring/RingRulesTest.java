package dev.kvstore.core.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Each rule with a change that keeps it and one that breaks it. */
class RingRulesTest {
    private static final Desired DESIRED =
            new Desired(3, Map.of("a", "", "b", "", "c", ""), 2, 1, 1, 300_000, Map.of(0, 7L), false);

    private final Assignment assignment =
            new Assignment(7, "a", 3, List.of("a", "b"), List.of("a", "b", "c"), false, 0);
    private final Ring ring =
            new Ring("cluster", 9, List.of(member("a", "1"), member("b", "2"), member("c", "3")), List.of(assignment));

    @Test
    void allowsWhatKeepsTheRules() {
        assertThat(check(old -> old)).isEmpty();
        assertThat(check(old -> old.withPrimary("b", 10))).isEmpty();
        assertThat(check(old -> old.withInSync(List.of("a")))).isEmpty();
        assertThat(check(Assignment::withJoinRefused)).isEmpty();
        assertThat(check(old -> old.withReplicas(List.of("c", "b")))).isEmpty();
        assertThat(check(Assignment::withLost)).isEmpty();
    }

    @Test
    void aVersionGrowsByOne() {
        assertThat(RingRules.check(ring, ring.withVersion(11), List.of(), DESIRED))
                .isNotEmpty();
        assertThat(RingRules.check(ring, ring, List.of(), DESIRED)).isNotEmpty();
    }

    @Test
    void theEpochGrowsByExactlyOneWithEveryChangeOfPrimaryOrInSyncMembers() {
        assertThat(check(old -> with(old, old.epoch(), "a", 3, List.of("a")))).isNotEmpty();
        assertThat(check(old -> with(old, old.epoch() + 2, "a", 3, List.of("a"))))
                .isNotEmpty();
        assertThat(check(old -> with(old, old.epoch() + 2, "a", 3, old.inSync())))
                .isNotEmpty();
    }

    @Test
    void aNewPrimaryWasInSyncAndReignsSinceThisVersion() {
        assertThat(check(old -> with(old, 8, "c", 10, List.of("b", "c")))).isNotEmpty();
        assertThat(check(old -> with(old, 8, "b", 9, old.inSync()))).isNotEmpty();
    }

    @Test
    void inSyncMembersAreNeverEmptyAndAreMembers() {
        assertThat(check(old -> with(old, 8, "a", 3, List.of()))).isNotEmpty();
        assertThat(check(old -> with(old, 8, "a", 3, List.of("a", "x")))).isNotEmpty();
    }

    @Test
    void aMemberJoinsOnlyAtThePrimarysRequestAtThisEpochForThisStore() {
        Ring joined = next(old -> old.withInSync(List.of("a", "b", "c")));
        assertThat(RingRules.check(ring, joined, List.of(), DESIRED)).isNotEmpty();
        assertThat(RingRules.check(ring, joined, List.of(new JoinRequest(0, 6, "c", "3")), DESIRED))
                .isNotEmpty();
        assertThat(RingRules.check(ring, joined, List.of(new JoinRequest(0, 7, "c", "old")), DESIRED))
                .isNotEmpty();
        assertThat(RingRules.check(ring, joined, List.of(new JoinRequest(0, 7, "c", "3")), DESIRED))
                .isEmpty();
    }

    @Test
    void aMemberWithAnotherStoreIsInSyncNoLonger() {
        Ring other = next(old -> old).withMember(member("b", "new"));
        assertThat(RingRules.check(ring, other, List.of(), DESIRED)).isNotEmpty();
        Ring dropped = next(old -> old.withInSync(List.of("a"))).withMember(member("b", "new"));
        assertThat(RingRules.check(ring, dropped, List.of(), DESIRED)).isEmpty();
    }

    @Test
    void aLossIsAcceptedOnlyByAHumanAtThatEpoch() {
        Ring lost = ring.withPartitions(List.of(assignment.withLost()));
        List<Assignment> accepted = List.of(assignment.withLost().withLossAccepted("c", 10));
        Ring after = lost.withPartitions(accepted).withVersion(10);
        assertThat(RingRules.check(lost, after, List.of(), DESIRED)).isEmpty();
        Desired elsewhere = new Desired(3, DESIRED.members(), 2, 1, 1, 300_000, Map.of(0, 6L), false);
        assertThat(RingRules.check(lost, after, List.of(), elsewhere)).isNotEmpty();
        Ring silently = lost.withPartitions(List.of(assignment)).withVersion(10);
        assertThat(RingRules.check(lost, silently, List.of(), DESIRED)).isNotEmpty();
        assertThat(after.partition(0).sequenceFloor()).isEqualTo(1L << 32);
    }

    private List<String> check(UnaryOperator<Assignment> change) {
        return RingRules.check(ring, next(change), List.of(), DESIRED);
    }

    private Ring next(UnaryOperator<Assignment> change) {
        List<Assignment> changed = new ArrayList<>();
        changed.add(change.apply(assignment));
        return ring.withPartitions(changed).withVersion(10);
    }

    private static Assignment with(Assignment old, long epoch, String primary, long since, List<String> inSync) {
        return new Assignment(epoch, primary, since, inSync, old.replicas(), old.lost(), old.losses());
    }

    private static Member member(String name, String store) {
        return new Member(name, store, 1, "", name + ":8001", name + ":18001", "", false);
    }
}
