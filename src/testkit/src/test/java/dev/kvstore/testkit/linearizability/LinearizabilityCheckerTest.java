package dev.kvstore.testkit.linearizability;

import static dev.kvstore.testkit.linearizability.Script.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.testkit.history.Condition;
import dev.kvstore.testkit.history.History;
import dev.kvstore.testkit.history.Operation;
import dev.kvstore.testkit.history.Outcome;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LinearizabilityCheckerTest {

    private static Script script() {
        return new Script();
    }

    private static void passes(Script script) {
        assertThat(script.check()).isInstanceOf(Verdict.Linearizable.class);
    }

    private static void forbids(Script script, String what) {
        assertThat(script.check())
                .isInstanceOfSatisfying(
                        Verdict.Violation.class,
                        violation -> assertThat(violation.message()).contains("forbids: " + what));
    }

    @Test
    void acceptsAnEmptyHistory() {
        passes(script());
    }

    @Test
    void acceptsSequentialCalls() {
        passes(script().readNothing(0, 1)
                .created(2, 3, "a", 4)
                .read(4, 5, "a", 4)
                .replaced(6, 7, "b", 9)
                .read(8, 9, "b", 9)
                .deleted(10, 11)
                .readNothing(12, 13)
                .created(14, 15, "a", 11));
    }

    @Test
    void acceptsConcurrentReadsThatSeeAWriteBeforeAndAfterItsEffect() {
        passes(script().created(0, 1, "a", 1)
                .replaced(10, 30, "b", 2)
                .read(11, 12, "a", 1)
                .read(13, 14, "b", 2));
    }

    @Test
    void forbidsAReadThatGoesBackWhileTheWriteIsStillRunning() {
        forbids(
                script().created(0, 1, "a", 1)
                        .replaced(10, 30, "b", 2)
                        .read(11, 12, "b", 2)
                        .read(13, 14, "a", 1),
                "a stale read");
    }

    @Test
    void forbidsAStaleRead() {
        forbids(script().created(0, 1, "a", 1).replaced(2, 3, "b", 2).read(4, 5, "a", 1), "a stale read");
    }

    @Test
    void forbidsTheLossOfAnAcknowledgedWrite() {
        forbids(script().created(0, 1, "a", 1).readNothing(2, 3), "a lost write");
        forbids(script().created(0, 1, "a", 1).created(2, 3, "b", 2), "creating what is there");
    }

    @Test
    void forbidsAValueThatNobodyWrote() {
        forbids(script().created(0, 1, "a", 1).read(2, 3, "b", 2), "seeing what nobody has written yet");
        forbids(script().created(0, 1, "a", 1).read(2, 3, "b", 1), "two values of one version");
        forbids(script().read(0, 1, "a", 1).created(2, 3, "a", 1), "seeing what nobody has written yet");
    }

    @Test
    void forbidsTwoCreationsWithoutADeletionBetweenThem() {
        forbids(script().created(0, 10, "a", 1).created(0, 10, "b", 2), "creating what is there");
    }

    @Test
    void forbidsReplacingWhatIsNotThere() {
        forbids(script().replaced(0, 1, "a", 1), "replacing or deleting what is not there");
        forbids(script().deleted(0, 1), "replacing or deleting what is not there");
    }

    @Test
    void forbidsVersionsThatDoNotGrow() {
        forbids(script().created(0, 1, "a", 5).replaced(2, 3, "b", 4), "versions that do not grow");
        forbids(script().created(0, 1, "a", 5).replaced(2, 3, "b", 5), "versions that do not grow");
        forbids(script().created(0, 1, "a", 5).deleted(2, 3).created(4, 5, "b", 6), "versions that do not grow");
    }

    @Test
    void forbidsALostUpdate() {
        Operation first = Operation.put(KEY, "b", Condition.ifVersion(1));
        Operation second = Operation.put(KEY, "c", Condition.ifVersion(1));
        Script script = script().created(0, 1, "a", 1)
                .call(2, 9, first, new Outcome.Replaced(2))
                .call(2, 9, second, new Outcome.Replaced(3));
        forbids(script, "a lost update");
    }

    @Test
    void acceptsOneOfTwoConcurrentConditionalWrites() {
        passes(script().created(0, 1, "a", 1)
                .call(2, 9, Operation.put(KEY, "b", Condition.ifVersion(1)), new Outcome.Replaced(2))
                .call(2, 9, Operation.put(KEY, "c", Condition.ifVersion(1)), Outcome.conditionFailedAt(2))
                .call(2, 9, Operation.put(KEY, "d", Condition.IF_ABSENT), Outcome.conditionFailedAt(1)));
    }

    @Test
    void forbidsAConditionJudgedAgainstAnOldVersion() {
        forbids(
                script().created(0, 1, "a", 1)
                        .replaced(2, 3, "b", 2)
                        .call(4, 5, Operation.put(KEY, "c", Condition.ifVersion(7)), Outcome.conditionFailedAt(1)),
                "a condition that is judged against an old version");
        forbids(
                script().created(0, 1, "a", 1)
                        .replaced(2, 3, "b", 2)
                        .call(4, 5, Operation.delete(KEY, Condition.ifVersion(1)), new Outcome.Deleted()),
                "a lost update");
    }

    @Test
    void forbidsAConditionThatFailsAlthoughItHolds() {
        forbids(
                script().created(0, 1, "a", 1)
                        .call(2, 3, Operation.put(KEY, "b", Condition.ifVersion(1)), Outcome.conditionFailedAt(1)),
                "an answer that contradicts its own condition");
        forbids(
                script().created(0, 1, "a", 1)
                        .call(
                                2,
                                3,
                                Operation.put(KEY, "b", Condition.ifVersion(1)),
                                new Outcome.ConditionFailed(new Outcome.Current.NotTold())),
                "a condition that fails although it holds");
        forbids(
                script().created(0, 1, "a", 1)
                        .deleted(2, 3)
                        .call(4, 5, Operation.put(KEY, "b", Condition.IF_ABSENT), Outcome.conditionFailedAt(1)),
                "a value that is seen after it was deleted");
    }

    @Test
    void forbidsAWrongVersionInAFailedCondition() {
        forbids(
                script().created(0, 1, "a", 1)
                        .call(2, 3, Operation.put(KEY, "b", Condition.IF_ABSENT), Outcome.conditionFailedAt(3)),
                "seeing what nobody has written yet");
    }

    @Test
    void forbidsResurrectionAfterADeletion() {
        forbids(
                script().created(0, 1, "a", 1).deleted(2, 3).read(4, 5, "a", 1),
                "a value that is seen after it was deleted");
    }

    @Test
    void acceptsAnUnknownWriteThatShowsUpLate() {
        passes(script().created(0, 1, "a", 1)
                .unknown(2, Operation.put(KEY, "b"))
                .read(100, 101, "a", 1)
                .read(200, 201, "b", 2)
                .replaced(300, 301, "c", 3));
    }

    @Test
    void acceptsAnUnknownWriteThatNeverShowsUp() {
        passes(script().created(0, 1, "a", 1)
                .unknown(2, Operation.put(KEY, "b"))
                .unknown(2, Operation.delete(KEY))
                .read(100, 101, "a", 1));
    }

    @Test
    void acceptsUnknownWritesOfWhichOnlyTheConsequencesShow() {
        passes(script().created(0, 1, "a", 1)
                .unknown(2, Operation.delete(KEY))
                .created(10, 11, "b", 3)
                .deleted(12, 13)
                .unknown(14, Operation.put(KEY, "c"))
                .call(20, 21, Operation.delete(KEY, Condition.ifVersion(9)), Outcome.conditionFailedAt(7))
                .deleted(22, 23));
    }

    @Test
    void forbidsAnUnknownWriteThatShowsUpVanishesAndShowsUpAgain() {
        forbids(
                script().created(0, 1, "a", 1)
                        .unknown(2, Operation.put(KEY, "b"))
                        .read(10, 11, "b", 2)
                        .read(20, 21, "a", 1)
                        .read(30, 31, "b", 2),
                "a stale read");
        assertThat(script().unknown(0, Operation.put(KEY, "b"))
                        .read(10, 11, "b", 2)
                        .deleted(12, 13)
                        .read(30, 31, "b", 5)
                        .check())
                .isInstanceOf(Verdict.Violation.class);
    }

    @Test
    void forbidsAnUnknownWriteBeforeItsStart() {
        assertThat(script().read(0, 1, "b", 2)
                        .unknown(2, Operation.put(KEY, "b"))
                        .check())
                .isInstanceOf(Verdict.Violation.class);
    }

    @Test
    void forbidsAnUnknownConditionalWriteWhoseConditionNeverHeld() {
        assertThat(script().created(0, 1, "a", 1)
                        .unknown(2, Operation.put(KEY, "b", Condition.ifVersion(5)))
                        .read(10, 11, "b", 6)
                        .check())
                .isInstanceOf(Verdict.Violation.class);
    }

    @Test
    void refusedWritesNeverTakeEffect() {
        Operation put = Operation.put(KEY, "a");
        passes(script().call(0, 1, put, new Outcome.Refused("429")).readNothing(2, 3));
        forbids(
                script().call(0, 1, put, new Outcome.Refused("429")).read(2, 3, "a", 1),
                "seeing what nobody has written yet");
    }

    @Test
    void judgesEveryKeyByItself() {
        Script script = script().created(0, 1, "a", 1)
                .call(2, 3, Operation.get("other"), new Outcome.NotFound())
                .call(2, 3, Operation.put("other", "x"), new Outcome.Created(1));
        passes(script);
        script.call(4, 5, Operation.get("other"), new Outcome.NotFound());
        assertThat(script.check())
                .isInstanceOfSatisfying(
                        Verdict.Violation.class, v -> assertThat(v.key()).isEqualTo("other"));
    }

    @Test
    void staleReadsMayBeOldButNotInvented() {
        passes(script().created(0, 1, "a", 1)
                .replaced(2, 3, "b", 2)
                .unknown(4, Operation.put(KEY, "c"))
                .staleRead(10, 11, "a", 1)
                .staleRead(12, 13, "c", 3)
                .call(14, 15, Operation.staleGet(KEY), new Outcome.NotFound()));
        forbids(script().created(0, 1, "a", 1).staleRead(2, 3, "b", 2), "a stale read of what was never written");
        forbids(script().created(0, 1, "a", 1).staleRead(2, 3, "a", 2), "a stale read of what was never written");
        forbids(script().staleRead(0, 1, "a", 1).created(2, 3, "a", 1), "a stale read of what was never written");
    }

    @Test
    void aFinalScanShowsLostWrites() {
        History history = script().created(0, 1, "a", 1)
                .call(0, 1, Operation.put("other", "x"), new Outcome.Created(1))
                .history();
        LinearizabilityChecker checker = new LinearizabilityChecker(CheckerSettings.withSkewMs(0));
        long atNs = 50 * RegisterRun.MS;
        Outcome.Value a = new Outcome.Value("a", 1);
        Outcome.Value x = new Outcome.Value("x", 1);

        assertThat(checker.check(FinalScan.append(history, Map.of(KEY, a, "other", x), atNs, atNs))
                        .ok())
                .isTrue();
        assertThat(checker.check(FinalScan.append(history, Map.of(KEY, a), atNs, atNs)))
                .isInstanceOfSatisfying(
                        Verdict.Violation.class, v -> assertThat(v.message()).contains("a lost write", "final scan"));
        assertThat(checker.check(FinalScan.append(history, Map.of(KEY, a, "other", x, "third", x), atNs, atNs))
                        .ok())
                .isFalse();
    }

    @Test
    void tellsWhatCannotBePlacedAndWhy() {
        Verdict verdict = script().created(0, 1, "a", 1)
                .replaced(2, 3, "b", 2)
                .read(4, 5, "a", 1)
                .check();

        assertThat(verdict.toString())
                .contains("key \"k\" is not linearizable")
                .contains("cannot be placed: #3 get -> \"a\" version 1")
                .contains("2 of the calls, ends: #1 #2")
                .contains("the key is \"b\" at version 2, written by #2")
                .containsPattern("#2 +c1 +2.000 +3.000 +put \"b\" -> replaced, version 2");
    }

    @Test
    void saysUndecidedWhenItsBoundIsReached() {
        Script script = script();
        for (int i = 0; i < 12; i++) {
            script.unknown(0, Operation.putWithTtl(KEY, "v" + i % 2, 1));
        }
        script.read(100, 101, "v0", 50).read(102, 103, "v1", 49);
        Verdict verdict = new LinearizabilityChecker(new CheckerSettings(0, 20)).check(script.history());

        assertThat(verdict).isInstanceOf(Verdict.Undecided.class);
        assertThat(verdict.ok()).isFalse();
    }
}
