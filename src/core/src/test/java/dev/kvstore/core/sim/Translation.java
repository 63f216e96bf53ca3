package dev.kvstore.core.sim;

import dev.kvstore.core.data.Condition;
import dev.kvstore.core.data.Operation;
import dev.kvstore.core.data.Outcome;
import dev.kvstore.core.data.Outcome.Failure;
import dev.kvstore.testkit.history.Outcome.Created;
import dev.kvstore.testkit.history.Outcome.Deleted;
import dev.kvstore.testkit.history.Outcome.NotFound;
import dev.kvstore.testkit.history.Outcome.Refused;
import dev.kvstore.testkit.history.Outcome.Replaced;
import dev.kvstore.testkit.history.Outcome.Unknown;
import dev.kvstore.testkit.history.Outcome.Value;

/** Puts the core's operations and outcomes into the words of a history. */
final class Translation {
    private Translation() {}

    static dev.kvstore.testkit.history.Operation toHistory(Operation operation) {
        return switch (operation) {
            case Operation.Get get ->
                dev.kvstore.testkit.history.Operation.get(get.key().toString());
            case Operation.Put put ->
                new dev.kvstore.testkit.history.Operation.Put(
                        put.key().toString(), put.value().toString(), put.ttlMs(), toHistory(put.condition()));
            case Operation.Delete delete ->
                new dev.kvstore.testkit.history.Operation.Delete(
                        delete.key().toString(), toHistory(delete.condition()));
            case Operation.Expire expire -> throw new IllegalArgumentException("no client asks for " + expire);
            // A list is held to what it says of the key that it was asked for as prefix.
            case Operation.Scan scan ->
                dev.kvstore.testkit.history.Operation.get(scan.prefix().toString());
        };
    }

    private static dev.kvstore.testkit.history.Condition toHistory(Condition condition) {
        return switch (condition) {
            case Condition.Always always -> dev.kvstore.testkit.history.Condition.NONE;
            case Condition.IfAbsent absent -> dev.kvstore.testkit.history.Condition.IF_ABSENT;
            case Condition.IfVersion version -> dev.kvstore.testkit.history.Condition.ifVersion(version.version());
        };
    }

    static dev.kvstore.testkit.history.Outcome toHistory(Operation asked, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Found found ->
                new Value(found.stored().value().toString(), found.stored().version());
            case Outcome.NotFound none -> new NotFound();
            case Outcome.Written written ->
                written.created() ? new Created(written.version()) : new Replaced(written.version());
            case Outcome.Deleted deleted -> new Deleted();
            case Outcome.ConditionFailed failed ->
                failed.version() == 0
                        ? dev.kvstore.testkit.history.Outcome.conditionFailedAbsent()
                        : dev.kvstore.testkit.history.Outcome.conditionFailedAt(failed.version());
            case Outcome.Page page ->
                page.items().stream()
                        .filter(item -> asked instanceof Operation.Scan scan
                                && item.key().equals(scan.prefix()))
                        .findFirst()
                        .<dev.kvstore.testkit.history.Outcome>map(item -> new Value(
                                item.stored().value().toString(), item.stored().version()))
                        .orElse(new NotFound());
            case Outcome.Failed failed ->
                failed.failure() == Failure.UNKNOWN && asked.writes()
                        ? new Unknown("unknown")
                        : new Refused(failed.failure().toString());
        };
    }
}
