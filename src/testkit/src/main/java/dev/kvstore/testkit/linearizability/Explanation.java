package dev.kvstore.testkit.linearizability;

import dev.kvstore.testkit.history.Call;
import dev.kvstore.testkit.history.Operation;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says in words what a history shows that must not be. */
final class Explanation {

    /** How many of the last placed calls, and how many of those that could not follow, the text names. */
    private static final int MAX_NAMED = 12;

    private final CallTable table;
    private final DeadEnd deadEnd;

    private Explanation(CallTable table, DeadEnd deadEnd) {
        this.table = table;
        this.deadEnd = deadEnd;
    }

    static String of(String key, List<Call> calls, @Nullable DeadEnd deadEnd) {
        CallTable table = new CallTable(calls);
        if (deadEnd == null || deadEnd.blocked().isEmpty()) {
            throw new IllegalStateException("a search that failed without a dead end, key " + key);
        }
        return new Explanation(table, deadEnd).text(key);
    }

    static String ofStaleRead(String key, List<Call> calls, Call read) {
        CallTable table = new CallTable(calls);
        return "key %s is not consistent%n  forbids: a stale read of what was never written: %s answered %s, and no call that began before it returned wrote that%n%n%s"
                .formatted(
                        CallTable.quoted(key), table.name(read), CallTable.answer(read.outcome()), table.around(read));
    }

    private String text(String key) {
        Action culprit = culprit();
        Misfit misfit = misfit(culprit);
        StringBuilder text = new StringBuilder();
        text.append("key %s is not linearizable%n".formatted(CallTable.quoted(key)));
        text.append("  forbids: %s%n".formatted(misfit.forbidden()));
        text.append("  cannot be placed: %s: %s%n".formatted(describe(culprit), misfit.why()));
        text.append("  longest order that explains the answers, %d of the calls, ends: %s%n"
                .formatted(callsPlaced(), lastPlaced()));
        text.append("  after it the key is %s%n".formatted(stateText()));
        int named = 0;
        for (Action blocked : deadEnd.blocked()) {
            if (blocked != culprit && named++ < MAX_NAMED) {
                text.append("  nor can come next: %s: %s%n"
                        .formatted(describe(blocked), misfit(blocked).why()));
            }
        }
        return text.append(System.lineSeparator())
                .append(table.around(culprit.call))
                .toString();
    }

    /**
     * Of those that do not fit the state the one that had to come next most urgently. What waits for a later version is
     * blocked by another's fault, so it is named only when nothing else is.
     */
    private Action culprit() {
        return deadEnd.blocked().stream()
                .filter(blocked -> deadEnd.state().after(blocked) == null)
                .min(Comparator.comparing(this::waitsForAnotherWrite).thenComparingLong(blocked -> blocked.returnNs))
                .orElseGet(() -> deadEnd.blocked().getFirst());
    }

    private boolean waitsForAnotherWrite(Action action) {
        return action.demand.version() > deadEnd.state().floor();
    }

    private record Misfit(String forbidden, String why) {}

    private Misfit misfit(Action action) {
        Register state = deadEnd.state();
        Demand demand = action.demand;
        boolean present = state.writer() != null;
        if (!demand.satisfiable()) {
            return new Misfit("an answer that contradicts its own condition", "no state allows this answer");
        }
        if (demand.presence() == Demand.Presence.ABSENT && present) {
            return action.effect == Action.Effect.PUT
                    ? new Misfit("creating what is there", "the key is present, " + stateText())
                    : new Misfit(
                            "a lost write: what was written and neither deleted nor expired must be found",
                            "found nothing, but the key is " + stateText());
        }
        if (demand.presence() == Demand.Presence.PRESENT && !present) {
            return misfitOverAbsent(action);
        }
        if (state.after(action) != null) {
            return new Misfit(
                    "every order of these calls",
                    "fits here, but then another call finds no place that started earlier");
        }
        if (demand.version() != Register.UNKNOWN_VERSION && demand.version() != state.version()) {
            return misfitOfVersion(action);
        }
        if (demand.value() != null) {
            return new Misfit("two values of one version", "the key is " + stateText());
        }
        if (demand.otherThanVersion() != Register.UNKNOWN_VERSION) {
            return new Misfit("a condition that fails although it holds", "the key is " + stateText());
        }
        return new Misfit(
                "versions that do not grow",
                "wrote version %d, but the last write had at least %d".formatted(action.version, state.floor()));
    }

    private Misfit misfitOverAbsent(Action action) {
        long version = action.demand.version();
        String why = "needs a value, but the key is " + stateText();
        if (version != Register.UNKNOWN_VERSION && version <= deadEnd.state().floor()) {
            return new Misfit("a value that is seen after it was deleted or has expired", why);
        }
        if (version != Register.UNKNOWN_VERSION) {
            return new Misfit("seeing what nobody has written yet, or a lost write", why);
        }
        return new Misfit("replacing or deleting what is not there", why);
    }

    private Misfit misfitOfVersion(Action action) {
        Register state = deadEnd.state();
        long version = action.demand.version();
        String why = "speaks of version %d, but the key is %s".formatted(version, stateText());
        if (version > state.floor()) {
            return new Misfit("seeing what nobody has written yet, or a lost write", why);
        }
        if (action.effect != Action.Effect.OBSERVE) {
            return new Misfit("a lost update: a conditional write over another version than it names", why);
        }
        return action.call.operation() instanceof Operation.Get
                ? new Misfit("a stale read: a get returns the latest value", why)
                : new Misfit("a condition that is judged against an old version", why);
    }

    private String describe(Action action) {
        if (action.effect == Action.Effect.EXPIRE) {
            return "expiry of what %s wrote (from %s to %s)"
                    .formatted(table.name(action.call), table.moment(action.invokeNs), table.moment(action.returnNs));
        }
        return "%s %s -> %s"
                .formatted(
                        table.name(action.call),
                        CallTable.question(action.call.operation()),
                        CallTable.answer(action.call.outcome()));
    }

    private long callsPlaced() {
        return deadEnd.order().stream()
                .filter(action -> action.effect != Action.Effect.EXPIRE)
                .count();
    }

    private String lastPlaced() {
        List<Action> order = deadEnd.order();
        if (order.isEmpty()) {
            return "before the first";
        }
        StringBuilder text = new StringBuilder(order.size() > MAX_NAMED ? "... " : "");
        for (Action action : order.subList(Math.max(0, order.size() - MAX_NAMED), order.size())) {
            text.append(action.effect == Action.Effect.EXPIRE ? "expiry of " : "")
                    .append(table.name(action.call))
                    .append(' ');
        }
        return text.toString().strip();
    }

    private String stateText() {
        Register state = deadEnd.state();
        Action writer = state.writer();
        if (writer != null) {
            String version = state.version() == Register.UNKNOWN_VERSION
                    ? "a version not below " + state.floor()
                    : "version " + state.version();
            return "%s at %s, written by %s"
                    .formatted(CallTable.quoted(writer.value()), version, table.name(writer.call));
        }
        Action remover = remover();
        if (remover != null) {
            return remover.effect == Action.Effect.DELETE
                    ? "absent, deleted by " + table.name(remover.call)
                    : "absent, since what %s wrote had expired by %s at the latest"
                            .formatted(table.name(remover.call), table.moment(remover.returnNs));
        }
        return "absent, never written";
    }

    /** The last action that took the value away; null when there never was one. */
    private @Nullable Action remover() {
        Action remover = null;
        Register state = Register.NEVER_WRITTEN;
        for (Action action : deadEnd.order()) {
            Register after = state.after(action);
            if (after == null) {
                throw new IllegalStateException("an order that the model forbids: " + describe(action));
            }
            if (state.writer() != null && after.writer() == null) {
                remover = action;
            }
            state = after;
        }
        return remover;
    }
}
