package dev.kvstore.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RecorderTest {

    private static final Operation GET = Operation.get("k");

    @Test
    void callsWithoutAnswerHaveAnOpenEnd() {
        HistoryRecorder recorder = new HistoryRecorder(10);
        int answered = recorder.invoke("a", GET, 1);
        int givenUp = recorder.invoke("b", GET, 2);
        recorder.invoke("c", GET, 3);
        recorder.complete(givenUp, new Outcome.Unknown("timeout"), 50);
        recorder.complete(answered, new Outcome.NotFound(), 60);

        assertThat(recorder.history().calls())
                .extracting(Call::returnNs)
                .containsExactly(60L, Call.OPEN_END, Call.OPEN_END);
    }

    @Test
    void refusesMoreThanItsBoundAndTwoAnswersToOneCall() {
        HistoryRecorder recorder = new HistoryRecorder(1);
        int only = recorder.invoke("a", GET, 1);
        recorder.complete(only, new Outcome.NotFound(), 2);

        assertThatThrownBy(() -> recorder.complete(only, new Outcome.NotFound(), 3))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> recorder.invoke("a", GET, 4)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesAnAnswerOfAnotherKindOfOperation() {
        assertThatThrownBy(() -> new Call("a", GET, 1, 2, new Outcome.Deleted()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Call("a", Operation.put("k", "v"), 1, 2, Outcome.conditionFailedAt(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Call("a", GET, 2, 1, new Outcome.NotFound()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void liveRecorderKeepsTheCallsOfAllThreads() throws InterruptedException {
        AtomicLong clock = new AtomicLong();
        LiveRecorder recorder = new LiveRecorder(clock::incrementAndGet, 8 * 500);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String client = "c" + i;
            threads.add(Thread.ofPlatform().start(() -> {
                for (int call = 0; call < 500; call++) {
                    recorder.complete(recorder.invoke(client, GET), new Outcome.NotFound());
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(recorder.history().calls())
                .hasSize(8 * 500)
                .allSatisfy(call -> assertThat(call.returnNs()).isGreaterThan(call.invokeNs()));
    }
}
