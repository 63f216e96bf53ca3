package dev.kvstore.testkit.linearizability;

import org.jspecify.annotations.Nullable;

/**
 * What an answer says that the key held just before the call took effect.
 *
 * @param satisfiable false when the answer contradicts its own question
 * @param presence whether there was a value
 * @param version the version of the value; {@link Register#UNKNOWN_VERSION} when the answer does not say
 * @param otherThanVersion a version that the value did not have; {@link Register#UNKNOWN_VERSION} for none
 * @param value the value; null when the answer does not say
 */
record Demand(
        boolean satisfiable,
        Presence presence,
        long version,
        long otherThanVersion,
        @Nullable String value) {

    static final Demand IMPOSSIBLE = new Demand(false, Presence.ANY, 0, 0, null);
    static final Demand ANYTHING = new Demand(true, Presence.ANY, 0, 0, null);
    static final Demand ABSENT = new Demand(true, Presence.ABSENT, 0, 0, null);
    static final Demand PRESENT = new Demand(true, Presence.PRESENT, 0, 0, null);

    enum Presence {
        ANY,
        ABSENT,
        PRESENT
    }

    static Demand at(long version) {
        return new Demand(true, Presence.PRESENT, version, 0, null);
    }

    static Demand holds(String value, long version) {
        return new Demand(true, Presence.PRESENT, version, 0, value);
    }

    static Demand notAt(long version) {
        return new Demand(true, Presence.ANY, 0, version, null);
    }
}
