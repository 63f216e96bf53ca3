package dev.kvstore.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.core.io.View;
import dev.kvstore.core.io.View.Seen;
import dev.kvstore.core.io.View.State;
import dev.kvstore.core.ring.Assignment;
import dev.kvstore.core.ring.Member;
import dev.kvstore.core.ring.Ring;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClusterAnswerTest {
    @Test
    void answersWithWhatIsKnownBeforeThereIsARing() {
        ClusterAnswer answer = ClusterAnswer.of(view(null, Map.of("a", seen(State.JOINING))), null, 0, List.of());
        assertThat(answer.cluster()).isNull();
        assertThat(answer.leader()).isNull();
        assertThat(answer.ringVersion()).isZero();
        assertThat(answer.replicationFactor()).isNull();
        assertThat(answer.partitions()).isEqualTo(new ClusterAnswer.Partitions(0, 0, 0, 0, 0));
        assertThat(answer.members().getFirst().state()).isEqualTo("joining");
    }

    @Test
    void countsPartitionsAndCopies() {
        Ring ring = new Ring(
                "id",
                7,
                List.of(member("a"), member("b"), member("c")),
                List.of(
                        new Assignment(1, "a", 1, List.of("a", "b"), List.of("a", "b"), false, 0),
                        new Assignment(2, "b", 1, List.of("b"), List.of("b", "c"), false, 0),
                        new Assignment(3, "c", 1, List.of("c"), List.of("c"), true, 0),
                        new Assignment(3, "c", 1, List.of("c", "a"), List.of("c", "a"), false, 0)));
        View view = view(
                ring,
                Map.of("a", seen(State.UP), "b", seen(State.SUSPECT), "c", seen(State.DOWN), "d", seen(State.JOINING)));
        ClusterAnswer answer = ClusterAnswer.of(view, null, 2, List.of());
        assertThat(answer.partitions()).isEqualTo(new ClusterAnswer.Partitions(4, 2, 1, 1, 2));
        assertThat(answer.members().stream()
                        .map(each -> each.name() + " " + each.state() + " " + each.primaries() + " " + each.replicas()
                                + " " + each.learners()))
                .containsExactly("a up 1 1 0", "b suspect 1 1 0", "c down 2 0 1", "d joining 0 0 0");
    }

    private static View view(@Nullable Ring ring, Map<String, Seen> members) {
        return new View(ring, null, true, false, members, List.of(), List.of(), 0, 0);
    }

    private static Seen seen(State state) {
        return new Seen(state, 1, 0, "host:1");
    }

    private static Member member(String name) {
        return new Member(name, "store-" + name, 1, "", name + ":1", name + ":10001", "", false);
    }
}
