package dev.kvstore.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.EntryId;
import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Input;
import dev.kvstore.core.message.Message;
import dev.kvstore.core.ring.Desired;
import dev.kvstore.core.ring.Rebalance;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How many bytes of a snapshot a primary sends in a time, to a learner that takes everything at once. */
class TransferRateTest {
    private static final int REQUEST = 77;
    private static final int PART_BYTES = 10_000;
    private static final Bytes PART = Bytes.wrap(new byte[PART_BYTES]);
    private static final int WINDOW_BYTES = 4 * PART_BYTES;
    private static final long SECONDS = 20;

    private final PrimaryWithLearner primary = new PrimaryWithLearner();
    private int read;
    private int acknowledged;

    @Test
    void aTransferKeepsToTheRate() {
        int rate = 50_000;
        long sent = bytesSent(rate);
        assertThat(sent).isBetween(SECONDS * rate * 9 / 10, SECONDS * rate + WINDOW_BYTES);
    }

    @Test
    void aRateBelowOnePartASecondIsKeptToo() {
        int rate = 3_000;
        assertThat(bytesSent(rate)).isBetween((long) WINDOW_BYTES, SECONDS * rate + WINDOW_BYTES);
    }

    @Test
    void withoutALimitAPartIsFollowedByTheNext() {
        assertThat(bytesSent(0)).isGreaterThan(SECONDS * 200_000);
    }

    private long bytesSent(long rate) {
        primary.input(new Input.DesiredIs(
                new Desired(2, Map.of("n1", "", "n2", ""), 2, 1, 1, 300_000, Map.of(), false, new Rebalance(4, rate))));
        primary.say(new Message.Nack(0, 1, 1, EntryId.ZERO, EntryId.ZERO, true, REQUEST));
        long snapshot = primary.all(Effect.OpenSnapshot.class).getLast().snapshotId();
        primary.input(new Input.SnapshotOpened(0, snapshot, new EntryId(1, 1, 1)));
        for (int i = 0; i < SECONDS * 50; i++) {
            answerReads(snapshot);
            takeParts();
            primary.pass(20);
        }
        return parts().stream().mapToLong(part -> part.data().size()).sum();
    }

    private void answerReads(long snapshot) {
        List<Effect.ReadSnapshot> asked = primary.all(Effect.ReadSnapshot.class);
        for (; read < asked.size(); read++) {
            primary.input(new Input.SnapshotRead(0, snapshot, asked.get(read).index(), PART, false));
        }
    }

    private void takeParts() {
        for (int sent = parts().size(); acknowledged < sent; ) {
            primary.say(new Message.SnapshotAck(0, 1, 1, REQUEST, ++acknowledged));
        }
    }

    private List<Message.SnapshotPart> parts() {
        return primary.all(Effect.Send.class).stream()
                .filter(send -> send.message() instanceof Message.SnapshotPart)
                .map(send -> (Message.SnapshotPart) send.message())
                .toList();
    }
}
