package dev.kvstore.node.http;

import dev.kvstore.core.data.Outcome;
import java.util.Map;
import org.jboss.resteasy.reactive.RestResponse;

/** How outcomes of operations on one key become answers. */
final class Outcomes {
    private static final String E_TAG = "ETag";

    private Outcomes() {}

    /** The answer to a list. */
    static RestResponse<Object> ofList(Outcome outcome, boolean values) {
        if (outcome instanceof Outcome.Page page) {
            return RestResponse.ok(ListAnswer.of(page, values));
        }
        return Answers.rest(problem(outcome));
    }

    /** What a failure is to the client. */
    static Problem problem(Outcome.Failure failure) {
        return switch (failure) {
            case OVERLOADED ->
                Problem.of(ProblemCode.OVERLOADED, "too many operations are under way; nothing was written");
            case NO_PRIMARY ->
                Problem.of(ProblemCode.NO_PRIMARY, "no primary answered in time; nothing was written, try again");
            case TOO_FEW_COPIES ->
                Problem.of(
                        ProblemCode.NO_PRIMARY,
                        "fewer members are in sync than a write needs here (minInSync); nothing was written");
            case LOST ->
                Problem.of(
                        ProblemCode.PARTITION_LOST,
                        "every in-sync copy of the key's partition is lost; it stays closed until somebody accepts that");
            case DISK_FULL ->
                Problem.of(ProblemCode.DISK_FULL, "the primary's disk takes no writes; nothing was written");
            case UNKNOWN ->
                Problem.of(
                        ProblemCode.OUTCOME_UNKNOWN,
                        "the write was not confirmed in time; it may have taken effect or may still do so");
        };
    }

    /** What an outcome that is not what was hoped for is to the client. */
    static Problem problem(Outcome outcome) {
        return switch (outcome) {
            case Outcome.NotFound absent ->
                Problem.of(ProblemCode.NOT_FOUND, "there is no such key, or it has expired");
            case Outcome.ConditionFailed failed -> conditionFailed(failed.version());
            case Outcome.Failed failed -> problem(failed.failure());
            case Outcome.Found found -> throw unexpected(found);
            case Outcome.Written written -> throw unexpected(written);
            case Outcome.Deleted deleted -> throw unexpected(deleted);
            case Outcome.Page page -> throw unexpected(page);
        };
    }

    private static Problem conditionFailed(long version) {
        return version == 0
                ? Problem.of(ProblemCode.CONDITION_FAILED, "the key is absent")
                : Problem.of(
                        ProblemCode.CONDITION_FAILED,
                        "the key is at version " + version,
                        Map.of(E_TAG, Conditions.tag(version)));
    }

    private static IllegalStateException unexpected(Outcome outcome) {
        return new IllegalStateException("an operation was answered by an outcome of another kind: "
                + outcome.getClass().getSimpleName());
    }
}
