package dev.kvstore.operator.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Makes conditions. The time of a transition is the one at which the condition's truth changed, not its words. */
record Conditions(List<Condition> before, long generation, Instant now) {
    private static final String TRUE = "True";

    Condition yes(String type, String reason, String message) {
        return condition(type, TRUE, reason, message);
    }

    Condition no(String type, String reason, String message) {
        return condition(type, "False", reason, message);
    }

    /** Whether a condition had this reason before. */
    boolean had(String type, String reason) {
        return find(before, type).map(each -> reason.equals(each.getReason())).orElse(false);
    }

    static boolean holds(Condition condition) {
        return TRUE.equals(condition.getStatus());
    }

    static Optional<Condition> find(List<Condition> conditions, String type) {
        return conditions.stream().filter(each -> type.equals(each.getType())).findFirst();
    }

    private Condition condition(String type, String status, String reason, String message) {
        String since = find(before, type)
                .filter(each -> status.equals(each.getStatus()))
                .map(Condition::getLastTransitionTime)
                .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
        return new ConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .withObservedGeneration(generation)
                .withLastTransitionTime(since)
                .build();
    }
}
