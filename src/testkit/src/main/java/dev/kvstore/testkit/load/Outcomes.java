package dev.kvstore.testkit.load;

import dev.kvstore.testkit.history.Operation;
import dev.kvstore.testkit.history.Outcome;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.util.OptionalLong;

/**
 * What an answer, or the lack of one, means for a history. The rule is to claim no more than is certain: only an answer
 * that promises that nothing was written, or a connection that never stood, is a refusal; all other ends leave a write's
 * outcome unknown.
 */
public final class Outcomes {

    private Outcomes() {}

    /**
     * The meaning of an answer.
     *
     * @param operation what was asked
     * @param reply what was answered
     * @return the outcome
     * @throws UnexpectedReplyException when the interface does not know this answer to this question
     */
    public static Outcome of(Operation operation, Reply reply) {
        int status = reply.status();
        return switch (status) {
            case 429, 503, 507 -> new Outcome.Refused(status + " " + reply.problemCode());
            // 504 says so itself; the others may come from after the write was handed on
            case 500, 502, 504 -> new Outcome.Unknown(status + " " + reply.problemCode());
            case 412 -> {
                OptionalLong version = reply.version();
                yield version.isPresent()
                        ? Outcome.conditionFailedAt(version.getAsLong())
                        : Outcome.conditionFailedAbsent();
            }
            default ->
                switch (operation) {
                    case Operation.Get _ -> ofGet(reply);
                    case Operation.Put _ -> ofPut(reply);
                    case Operation.Delete _ -> ofDelete(reply);
                };
        };
    }

    /**
     * The meaning of an exchange that failed.
     *
     * @param failure what the HTTP client threw
     * @return the outcome
     */
    public static Outcome of(Throwable failure) {
        String reason = failure.getClass().getSimpleName() + ": " + failure.getMessage();
        return neverSent(failure) ? new Outcome.Refused(reason) : new Outcome.Unknown(reason);
    }

    private static boolean neverSent(Throwable failure) {
        return failure instanceof ConnectException || failure instanceof HttpConnectTimeoutException;
    }

    private static Outcome ofGet(Reply reply) {
        return switch (reply.status()) {
            case 200 -> new Outcome.Value(reply.body().name(), writtenVersion(reply));
            case 404 -> notFound(reply);
            default -> throw unexpected(reply);
        };
    }

    private static Outcome ofPut(Reply reply) {
        return switch (reply.status()) {
            case 201 -> new Outcome.Created(writtenVersion(reply));
            case 204 -> new Outcome.Replaced(writtenVersion(reply));
            default -> throw unexpected(reply);
        };
    }

    private static Outcome ofDelete(Reply reply) {
        return switch (reply.status()) {
            case 204 -> new Outcome.Deleted();
            case 404 -> notFound(reply);
            default -> throw unexpected(reply);
        };
    }

    private static Outcome notFound(Reply reply) {
        // a path that no node knows is a 404 as well, and says nothing about a key
        if (!reply.problemCode().equals("not-found")) {
            throw unexpected(reply);
        }
        return new Outcome.NotFound();
    }

    private static long writtenVersion(Reply reply) {
        return reply.version().orElseThrow(() -> new UnexpectedReplyException("an answer without a version", reply));
    }

    private static UnexpectedReplyException unexpected(Reply reply) {
        return new UnexpectedReplyException("an answer that the interface does not know", reply);
    }
}
