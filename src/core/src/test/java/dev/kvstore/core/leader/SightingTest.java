package dev.kvstore.core.leader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.core.message.Message.Heartbeat;
import dev.kvstore.core.message.PeerId;
import dev.kvstore.core.message.Report;
import dev.kvstore.core.ring.Desired;
import dev.kvstore.core.ring.Member;
import dev.kvstore.core.ring.Ring;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SightingTest {
    @Test
    void theRingTellsTheInstanceTogetherWithTheBootOfTheSameStart() {
        Member first = member(1, "uid-1");
        Member second = member(2, "uid-2");
        assertThat(first.boot()).isEqualTo(1);
        assertThat(first.instance()).isEqualTo("uid-1");
        assertThat(second.boot()).isEqualTo(2);
        assertThat(second.instance()).isEqualTo("uid-2");
    }

    @Test
    void ringsThatDifferInAnInstanceAreNotTheSame() {
        Ring ring = new Ring("cluster", 1, List.of(member(1, "uid-1")), List.of());
        Ring other = new Ring("cluster", 1, List.of(member(1, "uid-2")), List.of());
        assertThat(ring.contentHash()).isNotEqualTo(other.contentHash());
    }

    private static Member member(long boot, String instance) {
        Heartbeat heartbeat =
                new Heartbeat(1, 0, false, "", 0, 0, true, instance, "a:8001", "a:18001", "", List.of(), Report.NONE);
        Desired desired = new Desired(1, Map.of("a", "zone"), 1, 1, 1, 0, Map.of(), false);
        return new Sighting(new PeerId("a", "store", boot), heartbeat).asMember(desired, false);
    }
}
