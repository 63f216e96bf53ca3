package dev.kvstore.operator.status;

import static dev.kvstore.operator.status.Report.DATA_LOST;
import static dev.kvstore.operator.status.Report.DEGRADED;
import static dev.kvstore.operator.status.Report.NO_RING;
import static dev.kvstore.operator.status.Report.PROGRESSING;
import static dev.kvstore.operator.status.Report.READY;

import dev.kvstore.operator.api.KVClusterStatus;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An event of a cluster.
 *
 * @param warning whether somebody should look
 */
public record Announcement(boolean warning, String reason, String message) {
    /** What is worth an event between two statuses. */
    public static List<Announcement> between(@Nullable KVClusterStatus before, KVClusterStatus now) {
        List<Announcement> events = new ArrayList<>();
        List<Condition> old = before == null ? List.of() : before.conditions();
        for (Condition condition : now.conditions()) {
            Optional<Condition> former = Conditions.find(old, condition.getType());
            boolean changed = former.map(each -> !Objects.equals(each.getStatus(), condition.getStatus())
                            || !Objects.equals(each.getReason(), condition.getReason()))
                    .orElse(true);
            if (changed) {
                of(condition, former.isPresent()).ifPresent(events::add);
            }
        }
        if (before != null) {
            leader(before.leader(), now.leader()).ifPresent(events::add);
        }
        return events;
    }

    /** That all is well is only worth saying when it was not before. */
    private static Optional<Announcement> of(Condition condition, boolean known) {
        boolean holds = Conditions.holds(condition);
        boolean warning = switch (condition.getType()) {
            case READY -> !holds;
            // an order that is refused
            case PROGRESSING -> !holds && !isSettled(condition);
            default -> holds || condition.getReason().endsWith("Refused");
        };
        boolean quiet = switch (condition.getType()) {
            case READY, PROGRESSING ->
                !known && !holds && (condition.getReason().equals(NO_RING) || isSettled(condition));
            case DEGRADED, DATA_LOST -> !known && !holds;
            default -> false;
        };
        String reason = condition.getType().equals(READY) ? (holds ? "Ready" : "NotReady") : condition.getReason();
        return quiet ? Optional.empty() : Optional.of(new Announcement(warning, reason, condition.getMessage()));
    }

    private static boolean isSettled(Condition progressing) {
        return progressing.getReason().equals("UpToDate")
                || progressing.getReason().equals(Situation.PAUSED);
    }

    private static Optional<Announcement> leader(@Nullable String former, @Nullable String present) {
        return present == null || present.equals(former) || former == null
                ? Optional.empty()
                : Optional.of(new Announcement(false, "LeaderChanged", present + " leads, after " + former));
    }
}
