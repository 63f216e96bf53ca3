package dev.kvstore.testkit.linearizability;

import static dev.kvstore.testkit.linearizability.Script.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.testkit.history.Operation;
import dev.kvstore.testkit.history.Outcome;
import org.junit.jupiter.api.Test;

/** A value with a time to live of 100 ms, put between 0 and 10 ms: it expires between 100 and 110 ms. */
class ExpiryTest {

    private static Script withTtl() {
        return new Script().call(0, 10, Operation.putWithTtl(KEY, "a", 100), new Outcome.Created(1));
    }

    @Test
    void acceptsAValueThatLivesUntilItsTimeIsOver() {
        assertThat(withTtl().read(99, 109, "a", 1).readNothing(111, 112).check().ok())
                .isTrue();
        assertThat(withTtl().readNothing(99, 100).check().ok()).isTrue();
    }

    @Test
    void forbidsAValueThatIsGoneBeforeItsTime() {
        assertThat(withTtl().readNothing(90, 99).check()).isInstanceOf(Verdict.Violation.class);
        assertThat(withTtl().created(90, 99, "b", 2).check()).isInstanceOf(Verdict.Violation.class);
    }

    @Test
    void forbidsAValueThatOutlivesItsTime() {
        assertThat(withTtl().read(111, 112, "a", 1).check())
                .isInstanceOfSatisfying(
                        Verdict.Violation.class,
                        violation -> assertThat(violation.message())
                                .contains("forbids: a value that is seen after it was deleted or has expired")
                                .contains("had expired by 110.000 at the latest"));
        assertThat(withTtl().replaced(111, 112, "b", 2).check()).isInstanceOf(Verdict.Violation.class);
    }

    @Test
    void toleratesClocksThatDiffer() {
        assertThat(withTtl().readNothing(90, 99).check(1).ok()).isTrue();
        assertThat(withTtl().read(111, 112, "a", 1).check(1).ok()).isTrue();
        assertThat(withTtl().readNothing(90, 98).check(1).ok()).isFalse();
        assertThat(withTtl().read(112, 113, "a", 1).check(1).ok()).isFalse();
    }

    @Test
    void forbidsAnExpiredValueToComeBack() {
        assertThat(withTtl().readNothing(101, 102).read(103, 104, "a", 1).check())
                .isInstanceOf(Verdict.Violation.class);
    }

    @Test
    void aNewValueHasItsOwnTime() {
        assertThat(withTtl()
                        .replaced(50, 51, "b", 2)
                        .read(500, 501, "b", 2)
                        .check()
                        .ok())
                .isTrue();
        assertThat(withTtl()
                        .call(50, 51, Operation.putWithTtl(KEY, "b", 100), new Outcome.Replaced(2))
                        .read(149, 150, "b", 2)
                        .readNothing(152, 153)
                        .created(154, 155, "c", 3)
                        .check()
                        .ok())
                .isTrue();
    }

    @Test
    void creatingOverAnExpiredValueNeedsNoDeletion() {
        assertThat(withTtl()
                        .created(111, 112, "b", 2)
                        .read(113, 114, "b", 2)
                        .check()
                        .ok())
                .isTrue();
    }

    @Test
    void anUnknownPutExpiresATimeToLiveAfterItTookEffect() {
        Script late = new Script().unknown(0, Operation.putWithTtl(KEY, "a", 100));
        assertThat(late.read(500, 501, "a", 1).check().ok()).isTrue();
        assertThat(late.read(600, 601, "a", 1).check().ok()).isTrue();
        assertThat(late.read(602, 603, "a", 1).check().ok()).isFalse();
    }
}
