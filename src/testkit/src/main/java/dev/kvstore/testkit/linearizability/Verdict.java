package dev.kvstore.testkit.linearizability;

/** What a checker found. Only {@link Linearizable} is a pass. */
public sealed interface Verdict {

    /**
     * Whether the history passed.
     *
     * @return true for {@link Linearizable} alone
     */
    default boolean ok() {
        return this instanceof Linearizable;
    }

    /**
     * Every answer is explained by one order of the calls.
     *
     * @param calls how many calls were judged
     * @param states how many states the search visited
     */
    record Linearizable(int calls, long states) implements Verdict {}

    /**
     * No order explains the answers.
     *
     * @param key the key whose calls contradict each other
     * @param message what is wrong, in words, with the key's calls
     */
    record Violation(String key, String message) implements Verdict {

        @Override
        public String toString() {
            return message;
        }
    }

    /**
     * The search reached its bound before it could tell. This is no pass.
     *
     * @param key the first key that is not decided
     * @param states how many states were visited for it
     */
    record Undecided(String key, long states) implements Verdict {}
}
