package dev.kvstore.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Condition;
import dev.kvstore.core.data.EntryId;
import dev.kvstore.core.data.Operation;
import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Effect.Write;
import dev.kvstore.core.io.Input;
import dev.kvstore.core.io.Input.DiskRefuses.What;
import dev.kvstore.core.io.Settings;
import dev.kvstore.core.message.Message;
import dev.kvstore.core.message.Report;
import java.util.List;
import org.junit.jupiter.api.Test;

class LateAcknowledgementTest {
    private final PrimaryWithLearner primary = new PrimaryWithLearner();

    @Test
    void aLearnerThatAcknowledgesEverythingIsWaitedFor() {
        Message.Append append = primary.appends().getLast();
        primary.say(new Message.Ack(0, 1, 1, append.stream(), endOf(append)));
        warmUp();
        assertThat(waitsForLearner()).isTrue();
    }

    @Test
    void aLearnerThatIsSlowToAcknowledgeIsNotWaitedForYet() {
        Message.Append slow = primary.appends().getLast();
        primary.say(new Message.Ack(0, 1, 1, slow.stream(), endOf(slow)));
        primary.pass(Settings.DEFAULT.steadyMs() / 2);
        assertThat(waitsForLearner()).isFalse();

        primary.pass(Settings.DEFAULT.steadyMs() / 2);
        assertThat(waitsForLearner()).isTrue();
    }

    @Test
    void aLearnerThatIsAlwaysSlowIsWaitedForInTheEnd() {
        Operation put = new Operation.Put(Bytes.EMPTY, Bytes.EMPTY, 0, Condition.ALWAYS);
        long rounds = 0;
        long slowMs = 2 * Settings.DEFAULT.heartbeatMs();
        while (!waitsForLearner()) {
            primary.input(new Input.Client(rounds, put, Long.MAX_VALUE));
            primary.pass(slowMs);
            Message.Append last = primary.appends().getLast();
            primary.say(new Message.Ack(0, 1, 1, last.stream(), endOf(last)));
            primary.input(new Input.Tick());
            rounds++;
            assertThat((rounds - 2) * slowMs).isLessThanOrEqualTo(Settings.DEFAULT.warmUpMs());
        }
        assertThat(rounds * slowMs).isGreaterThanOrEqualTo(Settings.DEFAULT.warmUpMs());
    }

    @Test
    void whoIsAboutToStopWaitsForALearnerAtOnce() {
        Message.Append slow = primary.appends().getLast();
        primary.input(new Input.Drain(Long.MAX_VALUE));
        primary.say(new Message.Ack(0, 1, 1, slow.stream(), endOf(slow)));
        primary.input(new Input.Tick());
        assertThat(waitsForLearner()).isTrue();
    }

    @Test
    void aLearnerWhoseDiskTakesNoWritesIsNotWaitedForUntilThereIsRoom() {
        Message.Append append = primary.appends().getLast();
        primary.learnerReports(new Report(List.of(), List.of(), List.of(), List.of(), true, false));
        primary.pass(100);
        primary.say(new Message.Ack(0, 1, 1, append.stream(), endOf(append)));
        warmUp();
        assertThat(waitsForLearner()).isFalse();

        primary.learnerReports(Report.NONE);
        primary.pass(100);
        warmUp();
        assertThat(waitsForLearner()).isTrue();
    }

    @Test
    void aPrimaryThatKeepsTheRestOfItsDiskForItselfWaitsForALearnerThatCanGoOn() {
        Message.Append append = primary.appends().getLast();
        primary.input(new Input.DiskRefuses(What.EVERYTHING));
        primary.say(new Message.Ack(0, 1, 1, append.stream(), endOf(append)));
        warmUp();
        assertThat(waitsForLearner()).isFalse();

        primary.input(new Input.DiskRefuses(What.CLIENTS));
        primary.pass(100);
        assertThat(waitsForLearner()).isTrue();
    }

    /** What the learner was asked first it has left unanswered for two seconds. */
    private void warmUp() {
        primary.pass(Settings.DEFAULT.steadyMs());
    }

    @Test
    void whatWasAcknowledgedBeforeASnapshotDoesNotCountAfterIt() {
        Message.Append before = primary.appends().getLast();
        primary.say(new Message.Nack(0, 1, 1, EntryId.ZERO, EntryId.ZERO, true, 77));
        long snapshot = primary.all(Effect.OpenSnapshot.class).getLast().snapshotId();
        primary.input(new Input.SnapshotOpened(0, snapshot, new EntryId(1, 1, 1)));
        primary.input(new Input.SnapshotRead(0, snapshot, 0, Bytes.EMPTY, false));
        // The learner has emptied its copy by now; then the transfer ends without success.
        primary.say(new Message.SnapshotAck(0, 1, 1, 77, -1));
        primary.pass(100);
        Message.Append after = primary.appends().getLast();
        assertThat(after.stream()).isNotEqualTo(before.stream());

        primary.say(new Message.Ack(0, 1, 1, before.stream(), endOf(before)));
        warmUp();
        assertThat(waitsForLearner()).isFalse();

        primary.say(new Message.Ack(0, 1, 1, after.stream(), endOf(after)));
        warmUp();
        assertThat(waitsForLearner()).isTrue();
    }

    private static long endOf(Message.Append append) {
        return append.previous().seq() + append.entries().size();
    }

    private boolean waitsForLearner() {
        return primary.all(Effect.Persist.class).stream()
                .flatMap(persist -> persist.writes().stream())
                .anyMatch(Write.SaveJoining.class::isInstance);
    }
}
