package dev.kvstore.testkit.linearizability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.testkit.history.Call;
import dev.kvstore.testkit.history.History;
import dev.kvstore.testkit.history.Operation;
import dev.kvstore.testkit.history.Outcome;
import dev.kvstore.testkit.linearizability.RegisterRun.Shape;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RandomHistoriesTest {

    private static final int SMALL_HISTORIES = 20_000;
    private static final int LARGE_HISTORIES = 600;

    @Test
    void acceptsWhateverARegisterDidUnderConcurrentClients() {
        for (int seed = 0; seed < LARGE_HISTORIES; seed++) {
            Random random = new Random(seed);
            Shape shape = new Shape(
                    100 + random.nextInt(300),
                    2 + random.nextInt(8),
                    1 + random.nextInt(15),
                    random.nextInt(4) != 0,
                    random.nextInt(20),
                    random.nextInt(10),
                    random.nextInt(40),
                    60,
                    random.nextInt(10),
                    random.nextInt(3) == 0 ? 30 : 0);
            Verdict verdict = new LinearizabilityChecker(CheckerSettings.withSkewMs(shape.skewMs()))
                    .check(RegisterRun.history(shape, random));
            assertThat(verdict.ok()).as("seed %d, %s: %s", seed, shape, verdict).isTrue();
        }
    }

    @Test
    void agreesWithTryingEverythingOnSmallHistoriesTrueAndFalsified() {
        int violations = 0;
        int passes = 0;
        for (int seed = 0; seed < SMALL_HISTORIES; seed++) {
            Random random = new Random(seed);
            Shape shape = new Shape(
                    2 + random.nextInt(6),
                    1 + random.nextInt(4),
                    1,
                    random.nextBoolean(),
                    random.nextInt(40),
                    random.nextInt(10),
                    random.nextInt(3) == 0 ? 60 : 0,
                    8,
                    random.nextInt(3),
                    random.nextInt(4) == 0 ? 40 : 0);
            History history = RegisterRun.history(shape, random);
            if (seed % 4 != 0) {
                history = Mutation.mutated(history, random);
            }
            boolean expected = BruteForce.linearizable(history.calls(), shape.skewMs());
            Verdict verdict = new LinearizabilityChecker(CheckerSettings.withSkewMs(shape.skewMs())).check(history);
            assertThat(verdict).as("seed %d", seed).isNotInstanceOf(Verdict.Undecided.class);
            if (expected || isExact(history)) {
                assertThat(verdict.ok())
                        .as("seed %d, %s, found %s in %s", seed, shape, verdict, history)
                        .isEqualTo(expected);
            }
            violations += expected ? 0 : 1;
            passes += expected ? 1 : 0;
        }
        assertThat(violations).isGreaterThan(SMALL_HISTORIES / 5);
        assertThat(passes).isGreaterThan(SMALL_HISTORIES / 5);
    }

    /** Where the checker is documented to be lenient, it may pass what is none. */
    private static boolean isExact(History history) {
        for (Call call : history.calls()) {
            if (call.outcome() instanceof Outcome.ConditionFailed failed
                    && failed.current() instanceof Outcome.Current.NotTold) {
                return false;
            }
            if (call.outcome() instanceof Outcome.Unknown
                    && call.operation() instanceof Operation.Put put
                    && put.expires()) {
                return false;
            }
        }
        return true;
    }
}
