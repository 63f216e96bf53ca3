package dev.kvstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Which word a mistyped one was meant to be. */
class NearestTest {
    @Test
    void countsTheLettersThatAreWrong() {
        assertThat(Nearest.distance("get", "get")).isZero();
        assertThat(Nearest.distance("gte", "get")).isEqualTo(1);
        assertThat(Nearest.distance("lst", "list")).isEqualTo(1);
        assertThat(Nearest.distance("", "list")).isEqualTo(4);
    }

    @Test
    void offersNothingWhenNothingIsNear() {
        assertThat(Nearest.of("xyzzy", List.of("get", "list"))).isEmpty();
        assertThat(Nearest.of("x", List.of())).isEmpty();
    }
}
