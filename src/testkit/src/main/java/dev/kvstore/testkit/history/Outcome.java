package dev.kvstore.testkit.history;

/**
 * What a client learned from a call.
 *
 * <p>The three kinds differ in what they allow to be concluded: an answer says what the state was; {@link Refused} says
 * that nothing was written; {@link Unknown} says nothing, and a write that ended so may take effect at any later time.
 */
public sealed interface Outcome {

    /**
     * A put found no value and wrote.
     *
     * @param version the version that it wrote
     */
    record Created(long version) implements Outcome {

        public Created {
            requirePositive(version);
        }
    }

    /**
     * A put replaced a value.
     *
     * @param version the version that it wrote
     */
    record Replaced(long version) implements Outcome {

        public Replaced {
            requirePositive(version);
        }
    }

    /** A delete removed a value. */
    record Deleted() implements Outcome {}

    /**
     * A get found a value.
     *
     * @param value the value, as {@link Operation.Put} gave it
     * @param version the value's version
     */
    record Value(String value, long version) implements Outcome {

        public Value {
            requirePositive(version);
        }
    }

    /** A get or a delete found nothing. */
    record NotFound() implements Outcome {}

    /**
     * A condition did not hold; nothing was written.
     *
     * @param current what the answer says of the present state
     */
    record ConditionFailed(Current current) implements Outcome {}

    /**
     * Nothing was written, and nothing was learned.
     *
     * @param reason why, for a human
     */
    record Refused(String reason) implements Outcome {}

    /**
     * Nobody knows: a write may have taken effect, or may do so later, or never.
     *
     * @param reason why, for a human
     */
    record Unknown(String reason) implements Outcome {}

    /** What a failed condition tells of the key's present state. */
    sealed interface Current {

        /**
         * The key has this version.
         *
         * @param version the present version
         */
        record At(long version) implements Current {

            public At {
                requirePositive(version);
            }
        }

        /** The key is absent. */
        record Absent() implements Current {}

        /** The answer does not say. */
        record NotTold() implements Current {}
    }

    /**
     * A condition failed over a present key.
     *
     * @param version the version that the answer names
     * @return the outcome
     */
    static Outcome conditionFailedAt(long version) {
        return new ConditionFailed(new Current.At(version));
    }

    /**
     * A condition failed because the key is absent.
     *
     * @return the outcome
     */
    static Outcome conditionFailedAbsent() {
        return new ConditionFailed(new Current.Absent());
    }

    private static void requirePositive(long version) {
        if (version <= 0) {
            throw new IllegalArgumentException("a version is positive: " + version);
        }
    }
}
