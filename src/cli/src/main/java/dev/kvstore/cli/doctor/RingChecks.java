package dev.kvstore.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The leader, and the rings that the nodes act on; equal rings have equal epochs. */
final class RingChecks {
    private RingChecks() {}

    static void run(Survey survey, List<Finding> findings) {
        leader(survey, findings);
        long newest = 0;
        for (JsonNode node : survey.first().nodes().values()) {
            newest = Math.max(newest, node.path("ringVersion").asLong());
        }
        long before = newest;
        List<String> behind =
                survey.nodesWhere((name, node) -> node.path("ringVersion").asLong() < before);
        if (!behind.isEmpty()) {
            findings.add(Finding.problem(
                    "ring-behind",
                    "%s on an older ring than version %d, which others had a moment ago."
                            .formatted(Survey.some(behind) + (behind.size() == 1 ? " acts" : " act"), before),
                    "It is handed the newer one as soon as it is heard: look at the network between the nodes."));
        }
        Map<Long, TreeSet<Integer>> hashes = new TreeMap<>();
        for (Sample sample : List.of(survey.first(), survey.second())) {
            for (JsonNode node : sample.nodes().values()) {
                if (node.path("ringHash").isNumber()) {
                    hashes.computeIfAbsent(node.path("ringVersion").asLong(), version -> new TreeSet<>())
                            .add(node.path("ringHash").asInt());
                }
            }
        }
        List<Long> conflicts = new ArrayList<>();
        hashes.forEach((version, found) -> {
            if (found.size() > 1) {
                conflicts.add(version);
            }
        });
        if (!conflicts.isEmpty()) {
            findings.add(Finding.problem(
                    "ring-conflict",
                    "Nodes act on different rings of the same version %s, so their epochs differ.".formatted(conflicts),
                    "Somebody has written the register of the ring by hand, or put an old one back. Stop the nodes that have"
                            + " the wrong one before any of them is asked to write; see operations.md."));
        }
    }

    private static void leader(Survey survey, List<Finding> findings) {
        List<String> without =
                survey.nodesWhere((name, node) -> !node.path("leader").isTextual());
        if (!without.isEmpty()) {
            findings.add(Finding.problem(
                    "no-leader",
                    "%s of no leader: nobody repairs or moves anything until there is one; keys are served all the same."
                            .formatted(Survey.some(without) + (without.size() == 1 ? " knows" : " know")),
                    "Where that lasts, the place of the leader's Lease cannot be used: the coordination folder, or the"
                            + " Kubernetes API server. The nodes' logs say why."));
        }
        TreeSet<String> leaders = new TreeSet<>();
        survey.nodesWhere((name, node) -> node.path("leader").isTextual())
                .forEach(name ->
                        leaders.add(survey.second().node(name).path("leader").asText()));
        TreeSet<String> earlier = new TreeSet<>();
        survey.first().nodes().values().stream()
                .filter(node -> node.path("leader").isTextual())
                .forEach(node -> earlier.add(node.path("leader").asText()));
        if (leaders.size() > 1 && earlier.size() > 1) {
            findings.add(
                    Finding.problem(
                            "leaders-differ",
                            "The nodes name different leaders: %s.".formatted(leaders),
                            "That ends within seconds when all nodes share one coordination folder, or one Lease: see that they do."));
        }
    }
}
