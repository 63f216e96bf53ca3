package dev.kvstore.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kvstore.cli.output.ByteCount;
import java.util.List;
import java.util.Map;

/** Disks, clocks, and bounds that are reached. */
final class ResourceChecks {
    private static final long SKEW_MS = 500;
    private static final long DISK_WAIT_MS = 1_000;
    private static final double NEARLY = 0.9;

    private ResourceChecks() {}

    static void run(Survey survey, List<Finding> findings) {
        for (Map.Entry<String, JsonNode> each : survey.second().nodes().entrySet()) {
            // who did not answer the first time is judged by the second
            JsonNode before = survey.first().nodes().getOrDefault(each.getKey(), each.getValue());
            disk(each.getKey(), before.path("disk"), each.getValue().path("disk"), findings);
            limits(each.getKey(), before.path("limits"), each.getValue().path("limits"), findings);
        }
        clocks(survey, findings);
    }

    private static void disk(String name, JsonNode before, JsonNode now, List<Finding> findings) {
        long free = now.path("freeBytes").asLong(-1);
        long least = now.path("leastFreeBytes").asLong();
        boolean full = free >= 0 && free < least + least / 4;
        if (now.path("refusing").asBoolean() && full) {
            findings.add(Finding.problem(
                    "disk-full",
                    "The disk of %s is full: %s are free, at least %s are kept. It takes no writes."
                            .formatted(name, ByteCount.text(free), ByteCount.text(least)),
                    "Make room on it or give it a larger disk; it takes writes again by itself."));
        } else if (now.path("refusing").asBoolean()) {
            findings.add(Finding.problem(
                    "disk-refuses",
                    "The disk of %s takes no writes: %d attempts have failed."
                            .formatted(name, now.path("failedWrites").asLong()),
                    "It is read-only or broken: its log says what the system answers. Mend or replace the disk, then start the"
                            + " node again."));
        } else if (free >= 0 && free < 2 * least) {
            findings.add(Finding.problem(
                    "disk-nearly-full",
                    "The disk of %s is nearly full: %s are free; below %s it takes no writes."
                            .formatted(name, ByteCount.text(free), ByteCount.text(least)),
                    "Make room on it, give it a larger disk, or add members."));
        } else if (now.path("failedWrites").asLong()
                > before.path("failedWrites").asLong()) {
            findings.add(Finding.problem(
                    "disk-fails",
                    "Writes to the disk of %s fail.".formatted(name),
                    "They are tried again; its log says what the system answers."));
        }
        if (before.path("waitingMs").asLong() > DISK_WAIT_MS
                && now.path("waitingMs").asLong() > DISK_WAIT_MS) {
            findings.add(Finding.problem(
                    "disk-hangs",
                    "A write has been waiting for the disk of %s for %d ms."
                            .formatted(name, now.path("waitingMs").asLong()),
                    "The disk hangs or is overloaded; the others go on without this node after 1.5 s."));
        }
    }

    private static void limits(String name, JsonNode before, JsonNode now, List<Finding> findings) {
        for (Map.Entry<String, JsonNode> each : now.properties()) {
            JsonNode limit = each.getValue();
            JsonNode earlier = before.path(each.getKey());
            boolean refused =
                    limit.path("refused").asLong() > earlier.path("refused").asLong();
            if (refused || (isNear(earlier) && isNear(limit))) {
                findings.add(Finding.problem(
                        "limit-reached",
                        "%s reaches its bound of %s: %d of %d are used%s."
                                .formatted(
                                        name,
                                        each.getKey(),
                                        limit.path("used").asLong(),
                                        limit.path("limit").asLong(),
                                        refused ? ", and requests are refused" : ""),
                        "Clients ask for more than it can do: spread them over all nodes, add members, or raise the bound"
                                + " (./kvstore node --help, KVCluster spec.limits)."));
            }
        }
    }

    private static boolean isNear(JsonNode limit) {
        long bound = limit.path("limit").asLong();
        return bound > 0 && limit.path("used").asLong() >= NEARLY * bound;
    }

    private static void clocks(Survey survey, List<Finding> findings) {
        survey.second().clocks().forEach((name, clock) -> {
            Sample.Clock before = survey.first().clocks().get(name);
            if (before != null && before.surelyMs() > SKEW_MS && clock.surelyMs() > SKEW_MS) {
                findings.add(
                        Finding.problem(
                                "clock-skew",
                                "The clock of %s is %d ms %s that of %s."
                                        .formatted(
                                                name,
                                                Math.abs(clock.aheadMs()),
                                                clock.aheadMs() > 0 ? "ahead of" : "behind",
                                                survey.second().asked()),
                                "Keys with a time to live would expire too soon or too late: let NTP or chrony set the clocks."));
            }
        });
    }
}
