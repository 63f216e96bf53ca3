package dev.kvstore.testkit.history;

/**
 * One operation of one client, from its start to its answer.
 *
 * <p>Times are nanoseconds of one clock that all calls of a history share, virtual or real. A call precedes another one
 * only if it returned strictly before the other was invoked; calls that touch at the same instant count as concurrent.
 *
 * @param client who called, for a human
 * @param operation what was asked
 * @param invokeNs no later than the moment when the request could first take effect
 * @param returnNs no earlier than the moment when the answer was given; {@link #OPEN_END} exactly when the outcome is
 *     {@link Outcome.Unknown}
 * @param outcome what was answered
 */
public record Call(String client, Operation operation, long invokeNs, long returnNs, Outcome outcome) {

    /** The return time of a call whose effect may come at any later time. */
    public static final long OPEN_END = Long.MAX_VALUE;

    /**
     * Checks that the answer can belong to the question.
     *
     * @throws IllegalArgumentException when the times or the kind of outcome do not fit the operation: that is a defect
     *     of whoever recorded it, while an answer that is merely wrong is for the checker
     */
    public Call {
        if ((outcome instanceof Outcome.Unknown) != (returnNs == OPEN_END)) {
            throw new IllegalArgumentException("an unknown outcome, and only that, has an open end: " + operation);
        }
        if (returnNs < invokeNs) {
            throw new IllegalArgumentException("returned before it was invoked: " + operation);
        }
        if (!answers(operation, outcome)) {
            throw new IllegalArgumentException(outcome + " is no answer to " + operation);
        }
    }

    /**
     * A call without an answer.
     *
     * @param client who called
     * @param operation what was asked
     * @param invokeNs when, in nanoseconds
     * @param reason why the outcome is not known
     * @return the call, with an open end
     */
    public static Call unknown(String client, Operation operation, long invokeNs, String reason) {
        return new Call(client, operation, invokeNs, OPEN_END, new Outcome.Unknown(reason));
    }

    /**
     * The key that was read or written.
     *
     * @return the key
     */
    public String key() {
        return operation.key();
    }

    private static boolean answers(Operation operation, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Created _ -> operation instanceof Operation.Put;
            case Outcome.Replaced _ -> operation instanceof Operation.Put;
            case Outcome.Deleted _ -> operation instanceof Operation.Delete;
            case Outcome.Value _ -> operation instanceof Operation.Get;
            case Outcome.NotFound _ -> !(operation instanceof Operation.Put);
            case Outcome.ConditionFailed _ -> isConditional(operation);
            case Outcome.Refused _ -> true;
            case Outcome.Unknown _ -> true;
        };
    }

    private static boolean isConditional(Operation operation) {
        return switch (operation) {
            case Operation.Get _ -> false;
            case Operation.Put put -> !(put.condition() instanceof Condition.None);
            case Operation.Delete delete -> !(delete.condition() instanceof Condition.None);
        };
    }
}
