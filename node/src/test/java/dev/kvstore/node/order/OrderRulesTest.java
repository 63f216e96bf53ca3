package dev.kvstore.node.order;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kvstore.core.io.View;
import dev.kvstore.core.io.View.Seen;
import dev.kvstore.core.io.View.State;
import dev.kvstore.core.ring.Assignment;
import dev.kvstore.core.ring.Desired;
import dev.kvstore.core.ring.Member;
import dev.kvstore.core.ring.Ring;
import dev.kvstore.node.coordination.DesiredFormatException;
import dev.kvstore.node.coordination.OrderRefusedException;
import dev.kvstore.node.order.OrderRules.Room;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OrderRulesTest {
    private static final Desired THREE =
            new Desired(3, Map.of("a", "", "b", "", "c", ""), 2, 2, 1, 300_000, Map.of(), false);
    private static final Map<String, Seen> ALL_UP =
            Map.of("a", seen(State.UP), "b", seen(State.UP), "c", seen(State.UP));

    @Test
    void aMemberMayLeaveAndBeWantedAgain() throws Exception {
        Desired two = patched(THREE, "{\"members\": {\"c\": null}}");
        accepts(ALL_UP, THREE, two);
        accepts(ALL_UP, two, patched(two, "{\"members\": {\"c\": \"\"}}"));
    }

    @Test
    void moreCopiesThanMembersAreRefused() throws Exception {
        refuses(ALL_UP, THREE, patched(THREE, "{\"replicationFactor\": 4}"), "4 copies need 4 members");
        refuses(ALL_UP, THREE, patched(THREE, "{\"members\": {\"b\": null, \"c\": null}}"), "2 copies need 2 members");
    }

    @Test
    void writesMustRemainPossible() throws Exception {
        refuses(ALL_UP, THREE, patched(THREE, "{\"minInSync\": 3}"), "every write would be refused");
    }

    @Test
    void nobodyLeavesWhenTooFewOfTheOthersAreThere() throws Exception {
        Map<String, Seen> oneAway = Map.of("a", seen(State.UP), "b", seen(State.DOWN), "c", seen(State.UP));
        refuses(oneAway, THREE, patched(THREE, "{\"members\": {\"c\": null}}"), "start the others first");
    }

    @Test
    void nobodyLeavesWhenTheOthersHaveTooLittleRoom() throws Exception {
        Desired two = patched(THREE, "{\"members\": {\"c\": null}}");
        Map<String, Room> little = Map.of("a", new Room(0, 1_000), "b", new Room(0, 49), "c", new Room(100, 0));
        refuses(new OrderRules(view(ALL_UP), little), THREE, two, "b has room for 49 bytes more, and about 50");
        Map<String, Room> enough = Map.of("a", new Room(0, 50), "b", new Room(0, 50), "c", new Room(100, 0));
        assertThatCode(() -> new OrderRules(view(ALL_UP), enough).check(THREE, two))
                .doesNotThrowAnyException();
    }

    @Test
    void aMemberOfWhomNobodyHasHeardIsRefused() throws Exception {
        refuses(ALL_UP, THREE, patched(THREE, "{\"members\": {\"x\": \"\"}}"), "nobody has heard of x");
    }

    @Test
    void onlyALossThatHasHappenedIsAccepted() throws Exception {
        refuses(ALL_UP, THREE, patched(THREE, "{\"acceptLoss\": {\"0\": 1}}"), "partition 0 is not lost");
        refuses(ALL_UP, THREE, patched(THREE, "{\"acceptLoss\": {\"7\": 1}}"), "partition 7 is not lost");
        refuses(ALL_UP, THREE, patched(THREE, "{\"acceptLoss\": {\"1\": 4}}"), "lost at epoch 5, not 4");
        accepts(ALL_UP, THREE, patched(THREE, "{\"acceptLoss\": {\"1\": 5}}"));
    }

    @Test
    void beforeThereIsARingNothingIsOrdered() throws Exception {
        View forming = new View(null, null, false, false, ALL_UP, List.of(), List.of(), 0, 0);
        refuses(new OrderRules(forming, Map.of()), THREE, patched(THREE, "{\"replicationFactor\": 3}"), "no ring yet");
    }

    @Test
    void aPatchNamesWhatCanBeOrdered() {
        for (String bad : List.of(
                "",
                "7",
                "{}",
                "{\"partitions\": 4}",
                "{\"members\": 3}",
                "{\"members\": {\"a\": 1}}",
                "{\"minInSync\": 0}")) {
            assertThatExceptionOfType(DesiredFormatException.class).as(bad).isThrownBy(() -> patched(THREE, bad));
        }
    }

    private static Desired patched(Desired present, String patch) throws DesiredFormatException {
        return DesiredPatch.read(patch).apply(present);
    }

    private static void accepts(Map<String, Seen> members, Desired before, Desired after) {
        assertThatCode(() -> new OrderRules(view(members), Map.of()).check(before, after))
                .doesNotThrowAnyException();
    }

    private static void refuses(Map<String, Seen> members, Desired before, Desired after, String why) {
        refuses(new OrderRules(view(members), Map.of()), before, after, why);
    }

    private static void refuses(OrderRules rules, Desired before, Desired after, String why) {
        assertThatExceptionOfType(OrderRefusedException.class)
                .isThrownBy(() -> rules.check(before, after))
                .withMessageContaining(why);
    }

    private static View view(Map<String, Seen> members) {
        Ring ring = new Ring(
                "id",
                7,
                List.of(member("a"), member("b"), member("c")),
                List.of(
                        new Assignment(1, "a", 1, List.of("a", "b"), List.of("a", "b"), false, 0),
                        new Assignment(5, "a", 1, List.of("a"), List.of("a", "b"), true, 0)));
        return new View(ring, null, true, false, members, List.of(), List.of(), 0, 0);
    }

    private static Seen seen(State state) {
        return new Seen(state, 1, 0, "host:1");
    }

    private static Member member(String name) {
        return new Member(name, "store-" + name, 1, "", name + ":1", name + ":10001", "", false);
    }
}
