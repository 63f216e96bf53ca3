package dev.kvstore.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Condition;
import dev.kvstore.core.data.Operation;
import dev.kvstore.core.data.Outcome;
import dev.kvstore.core.data.Outcome.Failure;
import dev.kvstore.core.io.Effect;
import dev.kvstore.core.ring.Assignment;
import dev.kvstore.core.ring.Ring;
import java.util.List;
import org.junit.jupiter.api.Test;

class RouterTest {
    private static final Operation PUT = new Operation.Put(Bytes.utf8("k"), Bytes.EMPTY, 0, Condition.ALWAYS);

    private final Outbox outbox = new Outbox("nonce");
    private Ring ring = ring(1, "b", "b", "c");
    private boolean silent;
    private final Router router = new Router("a", outbox, () -> ring, (partition, request) -> false, name -> silent);

    @Test
    void writeThatASilentPrimaryHasIsUnknownAsSoonAsThatOneIsDropped() {
        router.begin(1, PUT, 10_000, 0);
        assertThat(outbox.take(0)).hasSize(1);

        silent = true;
        router.tick(100);
        assertThat(outbox.take(100)).isEmpty();

        ring = ring(2, "c", "c");
        router.ringChanged(200);
        assertThat(outbox.take(200)).containsExactly(new Effect.Reply(1, Outcome.failed(Failure.UNKNOWN)));
    }

    @Test
    void writeWaitsForADroppedPrimaryThatIsHeard() {
        router.begin(1, PUT, 10_000, 0);
        assertThat(outbox.take(0)).hasSize(1);

        ring = ring(2, "c", "c");
        router.ringChanged(200);
        assertThat(outbox.take(200)).isEmpty();

        silent = true;
        router.tick(300);
        assertThat(outbox.take(300)).containsExactly(new Effect.Reply(1, Outcome.failed(Failure.UNKNOWN)));
    }

    private static Ring ring(long version, String primary, String... inSync) {
        List<String> members = List.of(inSync);
        return new Ring(
                "id",
                version,
                List.of(),
                List.of(new Assignment(version, primary, version, members, members, false, 0)));
    }
}
