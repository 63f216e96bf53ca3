package dev.kvstore.operator.status;

import dev.kvstore.operator.observed.Observed;
import java.util.Optional;

/**
 * Everything that a report is made of.
 *
 * @param pods how many pods there shall be at the moment
 * @param refusal why the order is not followed, if it is not
 * @param lossRefusal why an acceptance of losses is not followed, if it is not
 * @param update how the restarts of outdated pods stand, or what a new StatefulSet waits for; empty when there is neither
 */
public record Situation(
        Observed observed, int pods, Optional<Remark> refusal, Optional<Remark> lossRefusal, Optional<Remark> update) {
    /**
     * Something to say about a cluster.
     *
     * @param reason a word for machines, in the style of a condition's reason
     * @param message what is the case and, where something is wrong, what to do about it
     */
    public record Remark(String reason, String message) {}

    /** The same, with an order that turned out to be impossible. */
    public Situation refused(Remark why) {
        return new Situation(observed, pods, Optional.of(why), lossRefusal, update);
    }

    /** The reason of an update that the user holds. */
    public static final String PAUSED = "Paused";
}
