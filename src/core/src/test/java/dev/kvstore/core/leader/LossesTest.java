package dev.kvstore.core.leader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.core.io.Effect.Notice;
import dev.kvstore.core.io.Effect.Notice.Level;
import dev.kvstore.core.ring.Assignment;
import dev.kvstore.core.ring.Ring;
import java.util.List;
import org.junit.jupiter.api.Test;

class LossesTest {
    private static final Assignment SOUND = new Assignment(1, "a", 1, List.of("a"), List.of("a", "b"), false, 0);
    private static final Assignment LOST = SOUND.withLost();

    @Test
    void namesThePartitionsThatBecomeLost() {
        List<Notice> notices = Losses.between(ring(SOUND, SOUND, LOST, SOUND), ring(LOST, SOUND, LOST, LOST));
        assertThat(notices).hasSize(1);
        assertThat(notices.getFirst().level()).isEqualTo(Level.ALARM);
        assertThat(notices.getFirst().code()).isEqualTo("partition-lost");
        assertThat(notices.getFirst().text()).endsWith(": [0, 3]");
    }

    @Test
    void namesThePartitionsWhoseLossIsAccepted() {
        List<Notice> notices =
                Losses.between(ring(LOST, LOST, SOUND), ring(LOST, LOST.withLossAccepted("b", 2), SOUND));
        assertThat(notices).hasSize(1);
        assertThat(notices.getFirst().level()).isEqualTo(Level.WARNING);
        assertThat(notices.getFirst().code()).isEqualTo("loss-accepted");
        assertThat(notices.getFirst().text()).endsWith(": [1]");
    }

    @Test
    void saysNothingOfOtherChanges() {
        assertThat(Losses.between(ring(SOUND, LOST), ring(SOUND.withInSync(List.of("a", "b")), LOST)))
                .isEmpty();
    }

    private static Ring ring(Assignment... partitions) {
        return new Ring("cluster", 1, List.of(), List.of(partitions));
    }
}
