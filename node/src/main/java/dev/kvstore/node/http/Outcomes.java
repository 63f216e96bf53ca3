package dev.kvstore.node.http;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Outcome;
import java.util.Map;
import org.jboss.resteasy.reactive.RestResponse;

/** How outcomes of operations on one key become answers. */
final class Outcomes {
    private static final String E_TAG = "ETag";

    private Outcomes() {}

    /** The answer to a GET whose client has the value of version {@code known} already, 0 for none. */
    static RestResponse<Object> ofGet(Outcome outcome, long known) {
        if (outcome instanceof Outcome.Found found) {
            String tag = Conditions.tag(found.stored().version());
            if (found.stored().version() == known) {
                return RestResponse.ResponseBuilder.create(304)
                        .header(E_TAG, tag)
                        .build();
            }
            Bytes value = found.stored().value();
            return RestResponse.ResponseBuilder.create(200)
                    .entity(value.array())
                    .type("application/octet-stream")
                    .header("Content-Length", value.size()) // else a HEAD has none
                    .header(E_TAG, tag)
                    .build();
        }
        return ofOther(outcome);
    }

    /** The answer to a PUT. */
    static RestResponse<Object> ofPut(Outcome outcome) {
        if (outcome instanceof Outcome.Written written) {
            return RestResponse.ResponseBuilder.create(written.created() ? 201 : 204)
                    .header(E_TAG, Conditions.tag(written.version()))
                    .build();
        }
        return ofOther(outcome);
    }

    /** The answer to a DELETE. */
    static RestResponse<Object> ofDelete(Outcome outcome) {
        if (outcome instanceof Outcome.Deleted) {
            return RestResponse.ResponseBuilder.create(204).build();
        }
        return ofOther(outcome);
    }

    /** The answer to a list. */
    static RestResponse<Object> ofList(Outcome outcome, boolean values) {
        if (outcome instanceof Outcome.Page page) {
            return RestResponse.ok(ListAnswer.of(page, values));
        }
        return ofOther(outcome);
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

    private static RestResponse<Object> ofOther(Outcome outcome) {
        return switch (outcome) {
            case Outcome.NotFound absent ->
                Answers.rest(Problem.of(ProblemCode.NOT_FOUND, "there is no such key, or it has expired"));
            case Outcome.ConditionFailed failed -> Answers.rest(conditionFailed(failed.version()));
            case Outcome.Failed failed -> Answers.rest(problem(failed.failure()));
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
