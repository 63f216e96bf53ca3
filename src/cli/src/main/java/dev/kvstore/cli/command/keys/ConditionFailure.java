package dev.kvstore.cli.command.keys;

import dev.kvstore.cli.client.ClientException;
import dev.kvstore.cli.model.Condition;
import dev.kvstore.cli.model.Key;
import dev.kvstore.cli.model.Problem;
import dev.kvstore.cli.output.Failure;

/** Says which condition did not hold. */
final class ConditionFailure {
    private ConditionFailure() {}

    /** The failure to show: the refusal itself, unless it is that of a condition. */
    static RuntimeException of(ClientException.Refused refused, Key key, Condition condition) {
        if (!refused.problem().code().equals(Problem.CONDITION_FAILED)) {
            return refused;
        }
        String now = refused.problem().version().isPresent()
                ? "has version " + refused.problem().version().getAsLong()
                : "is not there";
        String wanted = switch (condition) {
            case Condition.None() -> "";
            case Condition.Absent() -> ", so it is not absent";
            case Condition.Version(long version) -> ", not version " + version;
        };
        return Failure.no("condition failed: %s %s%s. Nothing was written.".formatted(key.display(), now, wanted));
    }
}
