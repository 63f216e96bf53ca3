package dev.kvstore.node.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AdmissionTest {
    @Test
    void admitsUpToItsBoundsAndAgainAfterSomebodyHasLeft() {
        Admission door = new Admission(2, 100);
        assertThat(door.enter(50)).isTrue();
        assertThat(door.enter(51)).as("too many bytes").isFalse();
        assertThat(door.enter(50)).isTrue();
        assertThat(door.enter(0)).as("too many operations").isFalse();
        assertThat(door.ops()).isEqualTo(2);
        assertThat(door.bytes()).isEqualTo(100);
        door.leave(50);
        assertThat(door.enter(20)).isTrue();
        assertThat(door.grow(31)).isFalse();
        assertThat(door.grow(30)).isTrue();
        assertThat(door.bytes()).isEqualTo(100);
        door.leave(50);
        door.leave(50);
        assertThat(door.ops()).isZero();
        assertThat(door.bytes()).isZero();
    }
}
