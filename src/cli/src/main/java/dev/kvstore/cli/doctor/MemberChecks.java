package dev.kvstore.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kvstore.cli.model.ClusterStatus.Member;
import dev.kvstore.cli.model.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Who is there, who is not, who hears whom, and which versions they run. */
final class MemberChecks {
    private static final long STILL_MS = 1_500;

    private MemberChecks() {}

    static void run(Survey survey, List<Finding> findings) {
        Set<String> told = new TreeSet<>();
        for (Member member : survey.status().members()) {
            member(survey, member, told, findings);
        }
        for (Map.Entry<String, String> each : survey.second().silent().entrySet()) {
            if (survey.first().silent().containsKey(each.getKey()) && told.add(each.getKey())) {
                findings.add(Finding.problem(
                        "node-silent",
                        "%s answers no questions (%s), though the others hear it."
                                .formatted(each.getKey(), each.getValue()),
                        "Look at its log and its load; is its port for clients open to the other nodes?"));
            }
        }
        for (String node : survey.notRunning()) {
            if (told.add(node)) {
                findings.add(Finding.problem(
                        "node-not-running", node + " does not run on this machine.", "./kvstore start " + node));
            }
        }
        states(survey, findings);
        hearing(survey, told, findings);
        versions(survey, findings);
    }

    private static void member(Survey survey, Member member, Set<String> told, List<Finding> findings) {
        String name = member.name();
        switch (member.state()) {
            case "down", "suspect" -> {
                told.add(name);
                boolean here = survey.notRunning().contains(name);
                findings.add(Finding.problem(
                        "member-" + member.state(),
                        "%s is %s: nobody hears it%s."
                                .formatted(name, member.state(), here ? ", and its process does not run here" : ""),
                        here
                                ? "./kvstore start " + name
                                : "Start it again, or look why it hangs: its process, its machine, its network. After"
                                        + " 'replace-after' its copies are made elsewhere."));
            }
            case "leaving" ->
                findings.add(Finding.note(
                        "member-leaving",
                        name + " is being emptied and will leave.",
                        "Wait; './kvstore status' shows how far it is."));
            case "joining" ->
                findings.add(Finding.note(
                        "member-joining",
                        name + " is there, but holds no copy that counts yet.",
                        "Wait; './kvstore status' shows how far it is."));
            default -> {}
        }
    }

    private static void states(Survey survey, List<Finding> findings) {
        for (String name :
                survey.nodesWhere((name, node) -> node.path("state").asText().equals("failed"))) {
            String why = Json.text(survey.second().node(name), "why").orElse("");
            findings.add(Finding.problem(
                    "store-failed",
                    "%s serves nothing any more: %s".formatted(name, why),
                    "See to its disk and start it again; where the data itself is damaged: ./kvstore start %s --refill"
                            .formatted(name)));
        }
        for (String name :
                survey.nodesWhere((name, node) -> node.path("state").asText().equals("waiting"))) {
            String why = Json.text(survey.second().node(name), "why").orElse("");
            findings.add(Finding.problem(
                    "node-waiting",
                    "%s does not serve: %s.".formatted(name, why),
                    "If it was given an empty disk, wait; else see whether it belongs to this cluster and whether it is wanted"
                            + " (GET /v1/cluster/desired)."));
        }
        for (String name : survey.nodesWhere(
                (name, node) -> node.path("core").path("stillMs").asLong() > STILL_MS)) {
            findings.add(Finding.problem(
                    "core-still",
                    "The core of %s stands still.".formatted(name),
                    "Its machine may be overloaded or suspended; else restart it and report what its log says."));
        }
    }

    /** What one hears and another does not: a network that is cut in part. */
    private static void hearing(Survey survey, Set<String> told, List<Finding> findings) {
        for (String listener : survey.second().nodes().keySet()) {
            List<String> unheard = new ArrayList<>();
            survey.second().node(listener).path("members").properties().forEach(each -> {
                String name = each.getKey();
                boolean deaf = isUnheard(each.getValue())
                        && isUnheard(survey.first()
                                .nodes()
                                .getOrDefault(listener, each.getValue())
                                .path("members")
                                .path(name));
                if (deaf && survey.second().nodes().containsKey(name) && !told.contains(name)) {
                    unheard.add(name);
                }
            });
            if (!unheard.isEmpty()) {
                findings.add(Finding.problem(
                        "member-unheard",
                        "%s does not hear %s, which others do.".formatted(listener, Survey.some(unheard)),
                        "The network between them is cut, at least in one direction: look at the ports for members (port +"
                                + " 10000 here, 18080 on Kubernetes), at firewalls and network policies."));
            }
        }
    }

    private static boolean isUnheard(JsonNode seen) {
        return Set.of("down", "suspect").contains(seen.path("state").asText());
    }

    private static void versions(Survey survey, List<Finding> findings) {
        Map<String, List<String>> byVersion = new TreeMap<>();
        survey.second()
                .nodes()
                .forEach((name, node) -> byVersion
                        .computeIfAbsent(node.path("version").asText(), version -> new ArrayList<>())
                        .add(name));
        if (byVersion.size() > 1) {
            findings.add(Finding.note(
                    "versions-differ",
                    "The nodes run different versions: %s.".formatted(byVersion),
                    "That is as it should be amid an update; else bring all to the same version."));
        }
    }
}
