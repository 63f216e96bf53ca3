package dev.kvstore.node.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.core.ring.Desired;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeclarationTest {
    @Test
    void theFirstNodeWishesForThoseThatItWasToldOf() {
        assertThat(silent("a", 2).first())
                .isEqualTo(new Desired(3, Map.of("a", ""), 2, 128, 1, 300_000, Map.of(), false));
        assertThat(new Declaration("a", "east", 0, 3, 2, 16, 5L, false).first())
                .isEqualTo(new Desired(1, Map.of("a", "east"), 3, 16, 2, 5, Map.of(), false));
    }

    @Test
    void laterNodesAddThemselves() {
        Desired one = silent("a", 1).first();
        Desired three = silent("c", 0).amend(silent("b", 1).amend(one));
        assertThat(three.names()).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(three.memberCount()).isEqualTo(3);
    }

    @Test
    void aNodeThatStartsUndoesNoOrder() {
        Desired present = new Desired(5, Map.of("a", "east", "b", "west"), 3, 64, 2, 1_000, Map.of(4, 7L), true);
        assertThat(silent("a", 2).amend(present)).isEqualTo(present);
        assertThat(new Declaration("a", "north", 2, 1, 1, 256, 9L, true).amend(present))
                .isEqualTo(new Desired(5, Map.of("a", "north", "b", "west"), 3, 64, 2, 1_000, Map.of(4, 7L), true));
    }

    @Test
    void aNodeThatWasOrderedAwayStaysAwayUnlessItsDiskIsNew() {
        Desired two = new Desired(2, Map.of("a", "", "b", ""), 2, 64, 1, 1_000, Map.of(), false);
        Declaration back = silent("c", 2).withReturning(true);
        assertThat(back.isOrderedAway(two)).isTrue();
        assertThat(back.amend(two)).isEqualTo(two);
        assertThat(silent("c", 2).amend(two).names()).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void nodesThatComeBackDeclareADesiredStateThatWasLostAnew() {
        Desired first = silent("a", 2).withReturning(true).first();
        Declaration back = silent("b", 2).withReturning(true);
        assertThat(back.isOrderedAway(first)).isFalse();
        assertThat(silent("c", 2).withReturning(true).amend(back.amend(first)).names())
                .containsExactlyInAnyOrder("a", "b", "c");
    }

    private static Declaration silent(String member, int peers) {
        return declaration(member, null, peers);
    }

    private static Declaration declaration(String member, @Nullable String zone, int peers) {
        return new Declaration(member, zone, peers, null, null, null, null, false);
    }
}
