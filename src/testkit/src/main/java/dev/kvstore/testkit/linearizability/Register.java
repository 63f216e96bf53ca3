package dev.kvstore.testkit.linearizability;

import org.jspecify.annotations.Nullable;

/**
 * The model of one key: absent, or a value with its version.
 *
 * <p>Versions are numbers of a log that the key shares with others. So they grow along the key's writes, across deletion
 * and re-creation too, and a deletion takes a number of its own. The version of a write whose outcome nobody learned is
 * not known until something reveals it.
 *
 * @param writer the put that wrote the present value; null when the key is absent
 * @param version the present value's version; {@link #UNKNOWN_VERSION} when absent or not yet revealed
 * @param floor the lowest number that the last write can have had: the next one is above it
 */
record Register(@Nullable Action writer, long version, long floor) {

    static final long UNKNOWN_VERSION = 0;

    static final Register NEVER_WRITTEN = new Register(null, UNKNOWN_VERSION, 0);

    /** The state after an action, equal to this one when nothing changes, or null when the action cannot happen here. */
    @Nullable
    Register after(Action action) {
        if (action.effect == Action.Effect.EXPIRE) {
            // its deletion may be part of the write that finds it expired, so it need not take a number of its own
            return writer == action.subject ? new Register(null, UNKNOWN_VERSION, floor) : this;
        }
        Register seen = satisfying(action.demand);
        if (seen == null) {
            return null;
        }
        return switch (action.effect) {
            case OBSERVE, EXPIRE -> seen;
            case DELETE -> new Register(null, UNKNOWN_VERSION, seen.floor + 1);
            case PUT -> seen.written(action);
        };
    }

    /** This state, with its version if the demand reveals it; null when the demand does not hold. */
    private @Nullable Register satisfying(Demand demand) {
        if (!demand.satisfiable()) {
            return null;
        }
        boolean fits = switch (demand.presence()) {
            case ANY -> true;
            case ABSENT -> writer == null;
            case PRESENT -> writer != null;
        };
        if (!fits || demandsOtherValue(demand)) {
            return null;
        }
        if (demand.otherThanVersion() != UNKNOWN_VERSION && demand.otherThanVersion() == version) {
            return null;
        }
        if (demand.version() == UNKNOWN_VERSION || demand.version() == version) {
            return this;
        }
        if (version != UNKNOWN_VERSION || demand.version() < floor) {
            return null;
        }
        return new Register(writer, demand.version(), demand.version());
    }

    private boolean demandsOtherValue(Demand demand) {
        return demand.value() != null && (writer == null || !demand.value().equals(writer.value()));
    }

    private @Nullable Register written(Action put) {
        if (put.version == UNKNOWN_VERSION) {
            return new Register(put, UNKNOWN_VERSION, floor + 1);
        }
        return put.version > floor ? new Register(put, put.version, put.version) : null;
    }
}
