package dev.kvstore.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.kvstore.cli.model.ClusterStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Copies: how many of each partition are in sync, whether they are what the ring says, and how far behind. */
final class CopyChecks {
    private CopyChecks() {}

    static void run(Survey survey, List<Finding> findings) {
        ClusterStatus status = survey.status();
        if (status.partitions().total() == 0) {
            findings.add(Finding.problem(
                    "no-ring",
                    "The cluster has no ring: its nodes have not met, or too few of them run.",
                    "Start all of its nodes, and see that each is told of the others."));
            return;
        }
        inSync(survey, findings);
        serving(survey, findings);
        contents(survey, findings);
        int up = (int) status.members().stream()
                .filter(member -> !member.state().equals("leaving"))
                .count();
        if (up < status.replicationFactor()) {
            findings.add(Finding.problem(
                    "too-few-members",
                    "%d copies of each key are wanted, and there are only %d members."
                            .formatted(status.replicationFactor(), up),
                    "Add members ('./kvstore scale %d'), or be content with fewer copies ('./kvstore set replication-factor %d')."
                            .formatted(status.replicationFactor(), up)));
        }
        if (status.partitions().toMove() > 0) {
            findings.add(Finding.note(
                    "moving",
                    "%s not yet where they should be."
                            .formatted(Survey.count(status.partitions().toMove(), "partition is", "partitions are")),
                    "Wait; './kvstore status' shows how far it is."));
        }
    }

    private static void inSync(Survey survey, List<Finding> findings) {
        List<Integer> lost = new ArrayList<>();
        Map<Integer, Integer> byMissing = new TreeMap<>();
        List<String> waitedFor = new ArrayList<>();
        JsonNode partitions = survey.ring().path("partitions");
        int wanted = Math.min(
                survey.status().replicationFactor(), survey.status().members().size());
        for (int i = 0; i < partitions.size(); i++) {
            JsonNode each = partitions.get(i);
            if (each.path("lost").asBoolean()) {
                lost.add(i);
                continue;
            }
            List<String> inSync = texts(each.path("inSync"));
            List<String> missing = texts(each.path("replicas"));
            missing.removeAll(inSync);
            // a partition that only moves has all its copies, and one more on the way
            if (inSync.size() < wanted) {
                byMissing.merge(inSync.size(), 1, Integer::sum);
                missing.stream().filter(name -> !waitedFor.contains(name)).forEach(waitedFor::add);
            }
        }
        if (!lost.isEmpty()) {
            findings.add(Finding.problem(
                    "lost",
                    "%s lost: the last copy that had every write is gone (%s). Their keys are refused."
                            .formatted(Survey.count(lost.size(), "partition is", "partitions are"), Survey.some(lost)),
                    "Start nodes that are down and had a copy: an older one is better than none. Then give up what is"
                            + " missing: ./kvstore accept-loss NUMBERS, or on Kubernetes the annotation that the condition"
                            + " DataLost of the KVCluster names."));
        }
        byMissing.forEach((copies, number) -> findings.add(Finding.problem(
                "too-few-copies",
                "%s only %s in sync. Still to get one: %s."
                        .formatted(
                                Survey.count(number, "partition has", "partitions have"),
                                Survey.count(copies, "copy", "copies"),
                                waitedFor.isEmpty() ? "nobody yet" : Survey.some(waitedFor)),
                "If those members run, it mends itself: './kvstore status' shows how far it is. Else start them.")));
    }

    private static void serving(Survey survey, List<Finding> findings) {
        Map<Integer, List<String>> servers = new TreeMap<>();
        Map<Integer, List<String>> takingOver = new TreeMap<>();
        roles(survey.first(), "serving").forEach((partition, names) -> {
            List<String> still = roles(survey.second(), "serving").getOrDefault(partition, List.of());
            List<String> both = names.stream().filter(still::contains).toList();
            if (both.size() > 1) {
                servers.put(partition, both);
            }
        });
        roles(survey.first(), "taking-over").forEach((partition, names) -> {
            List<String> still = roles(survey.second(), "taking-over").getOrDefault(partition, List.of());
            List<String> both = names.stream().filter(still::contains).toList();
            if (!both.isEmpty()) {
                takingOver.put(partition, both);
            }
        });
        if (!servers.isEmpty()) {
            findings.add(
                    Finding.problem(
                            "two-primaries",
                            "Two nodes serve the same partition: %s.".formatted(servers),
                            "One of them is cut off and does not know yet. If it stays so, stop the one with the older ring, and report it."));
        }
        if (!takingOver.isEmpty()) {
            findings.add(Finding.problem(
                    "no-primary",
                    "%s a primary that cannot serve yet (%s): it waits for the former one's lease or for other copies."
                            .formatted(
                                    Survey.count(takingOver.size(), "partition has", "partitions have"),
                                    Survey.some(List.copyOf(takingOver.keySet()))),
                    "That takes a second or two; if it stays so, look for members that are not heard."));
        }
        int away = survey.status().partitions().withoutPrimary();
        if (away > 0) {
            findings.add(Finding.problem(
                    "primary-away",
                    "%s no primary: the members with a full copy are away, and their keys can be neither read nor written."
                            .formatted(Survey.count(away, "partition has", "partitions have")),
                    "Start those members again; it is not safe to go on without them."));
        }
    }

    /** Whether those that the ring calls in sync have a whole copy and keep up. */
    private static void contents(Survey survey, List<Finding> findings) {
        List<String> useless = new ArrayList<>();
        Map<String, Integer> behind = new TreeMap<>();
        JsonNode partitions = survey.ring().path("partitions");
        for (int i = 0; i < partitions.size(); i++) {
            String primary = partitions.get(i).path("primary").asText();
            JsonNode before = copy(survey.first(), primary, i);
            for (String name : texts(partitions.get(i).path("inSync"))) {
                long itsRing = survey.second().node(name).path("ringVersion").asLong();
                boolean sameRing = itsRing == survey.ring().path("version").asLong();
                JsonNode copy = copy(survey.second(), name, i);
                if (!sameRing) {
                    continue;
                }
                if (copy.isMissingNode()
                        || List.of("installing", "left-over", "learner")
                                .contains(copy.path("role").asText())) {
                    useless.add("partition " + i + " at " + name);
                } else if (copy.path("lastSeq").asLong()
                        < before.path("lastSeq").asLong()) {
                    behind.merge(name, 1, Integer::sum);
                }
            }
        }
        if (!useless.isEmpty()) {
            findings.add(Finding.problem(
                    "copy-missing",
                    "The ring calls copies in sync that are none: %s.".formatted(Survey.some(useless)),
                    "The node reports it and is dropped within seconds; if it stays so, restart that node."));
        }
        behind.forEach((name, number) -> findings.add(Finding.problem(
                "replica-behind",
                "%s lags: of %s it lacks what their primaries had a moment ago."
                        .formatted(name, Survey.count(number, "partition", "partitions")),
                "Writes wait for it. Look at its disk (slow syncs), its load and the network to it.")));
    }

    private static Map<Integer, List<String>> roles(Sample sample, String role) {
        Map<Integer, List<String>> names = new HashMap<>();
        sample.nodes()
                .forEach((name, node) -> node.path("copies").forEach(copy -> {
                    if (copy.path("role").asText().equals(role)) {
                        names.computeIfAbsent(copy.path("partition").asInt(), partition -> new ArrayList<>())
                                .add(name);
                    }
                }));
        return names;
    }

    private static JsonNode copy(Sample sample, String name, int partition) {
        for (JsonNode copy : sample.node(name).path("copies")) {
            if (copy.path("partition").asInt() == partition) {
                return copy;
            }
        }
        return MissingNode.getInstance();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.asText()));
        return texts;
    }
}
