package dev.kvstore.testkit.history;

/** What must hold for a write to take effect. */
public sealed interface Condition {

    /** No condition. */
    Condition NONE = new None();

    /** Only when the key is absent ({@code If-None-Match: *}). */
    Condition IF_ABSENT = new IfAbsent();

    /**
     * A condition on the present version ({@code If-Match}).
     *
     * @param version the version that the key must have
     * @return the condition
     */
    static Condition ifVersion(long version) {
        return new IfVersion(version);
    }

    /** The write takes effect whatever the key holds. */
    record None() implements Condition {}

    /** The write takes effect only over nothing. */
    record IfAbsent() implements Condition {}

    /**
     * The write takes effect only over this version.
     *
     * @param version the version that the key must have
     */
    record IfVersion(long version) implements Condition {}
}
