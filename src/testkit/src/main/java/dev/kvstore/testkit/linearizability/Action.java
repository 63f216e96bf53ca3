package dev.kvstore.testkit.linearizability;

import dev.kvstore.testkit.history.Call;
import dev.kvstore.testkit.history.Operation;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happens to a key: a call, reduced to what its answer demands of the state and what it does to it; or the
 * expiry of a value, which is an action of its own that nobody called.
 */
final class Action {

    enum Effect {
        OBSERVE,
        PUT,
        DELETE,
        EXPIRE
    }

    /** The call; for an expiry the put whose value expires. */
    final Call call;

    final Effect effect;
    final Demand demand;

    /** The version that a put wrote, or {@link Register#UNKNOWN_VERSION}. */
    final long version;

    /** Whether it may also never happen. */
    final boolean optional;

    final long invokeNs;
    final long returnNs;

    /** The put whose value expires; null for everything else. */
    final @Nullable Action subject;

    /** Its place in the {@link Timeline}, which sets it. */
    int index = -1;

    private Action(
            Call call,
            Effect effect,
            Demand demand,
            long version,
            boolean optional,
            long invokeNs,
            long returnNs,
            @Nullable Action subject) {
        this.call = call;
        this.effect = effect;
        this.demand = demand;
        this.version = version;
        this.optional = optional;
        this.invokeNs = invokeNs;
        this.returnNs = returnNs;
        this.subject = subject;
    }

    static Action observe(Call call, Demand demand) {
        return new Action(
                call, Effect.OBSERVE, demand, Register.UNKNOWN_VERSION, false, call.invokeNs(), call.returnNs(), null);
    }

    static Action put(Call call, Demand demand, long version, long returnNs) {
        return new Action(call, Effect.PUT, demand, version, false, call.invokeNs(), returnNs, null);
    }

    static Action delete(Call call, Demand demand) {
        return new Action(
                call, Effect.DELETE, demand, Register.UNKNOWN_VERSION, false, call.invokeNs(), call.returnNs(), null);
    }

    /** A write that may take effect at any time after its start, or never. */
    static Action perhaps(Call call, Effect effect, Demand demand) {
        return new Action(call, effect, demand, Register.UNKNOWN_VERSION, true, call.invokeNs(), Call.OPEN_END, null);
    }

    /** The expiry of what a put wrote, in the given window; with an open end it need never happen. */
    static Action expiry(Action put, long earliestNs, long latestNs) {
        return new Action(
                put.call,
                Effect.EXPIRE,
                Demand.ANYTHING,
                Register.UNKNOWN_VERSION,
                latestNs == Call.OPEN_END,
                earliestNs,
                latestNs,
                put);
    }

    /** The value that a put writes. */
    String value() {
        return ((Operation.Put) call.operation()).value();
    }

    /** Whether it writes a value that expires. */
    boolean expires() {
        return effect == Effect.PUT && call.operation() instanceof Operation.Put put && put.expires();
    }

    /**
     * The lowest version at which the key must stand when this happens or that this itself must bring about: once the key
     * is beyond it, this can no longer be placed.
     */
    long dueVersion() {
        return demand.version() != Register.UNKNOWN_VERSION ? demand.version() : version;
    }
}
