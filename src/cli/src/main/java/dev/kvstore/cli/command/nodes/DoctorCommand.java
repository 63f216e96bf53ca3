package dev.kvstore.cli.command.nodes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kvstore.cli.client.ClientException;
import dev.kvstore.cli.client.KvClient;
import dev.kvstore.cli.command.ClusterOptions;
import dev.kvstore.cli.command.KvstoreCommand;
import dev.kvstore.cli.command.OutputOption;
import dev.kvstore.cli.doctor.Diagnosis;
import dev.kvstore.cli.doctor.Finding;
import dev.kvstore.cli.doctor.Sample;
import dev.kvstore.cli.doctor.Survey;
import dev.kvstore.cli.local.LocalNode;
import dev.kvstore.cli.model.ClusterStatus;
import dev.kvstore.cli.model.Json;
import dev.kvstore.cli.output.ExitCode;
import dev.kvstore.cli.output.Output;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code doctor}. */
@Command(
        name = "doctor",
        description = {
            "Examines the cluster: copies, epochs, lags, disks, clocks, versions, bounds, the leader, who is not heard.",
            "Says what is wrong and what to do."
        },
        footer = {
            "",
            "One node is asked, and asks all others. Exit codes: 0 all is well; 1 something is wrong; 2 no node answers.",
            "",
            "Examples:",
            "  kvstore doctor",
            "  kvstore doctor --nodes localhost:8001,localhost:8002 --output json"
        })
public final class DoctorCommand implements Callable<Integer> {
    private static final int WELL = ExitCode.OK;
    private static final int WRONG = 1;
    private static final int NO_ANSWER = 2;
    private static final Duration BETWEEN_SAMPLES = Duration.ofMillis(1_500);
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    @ParentCommand
    private KvstoreCommand kvstore;

    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private OutputOption format;

    @Override
    public Integer call() throws InterruptedException {
        cluster.unlessGiven(PATIENCE);
        try {
            return kvstore.ask(cluster, this::examine);
        } catch (ClientException e) {
            if (format.json()) {
                kvstore.output().line(Json.pretty(Json.object().put("error", e.getMessage())));
            }
            kvstore.output().error(e.getMessage());
            return NO_ANSWER;
        }
    }

    private int examine(KvClient client) throws InterruptedException {
        Sample first = Sample.of(client.nodes());
        Thread.sleep(BETWEEN_SAMPLES);
        Sample second = Sample.of(client.nodes());
        ClusterStatus status = ClusterStatus.of(client.cluster());
        ObjectNode ring = status.ringVersion() == 0 ? Json.object() : client.ring();
        Survey survey = new Survey(status, ring, first, second, notRunning());
        List<Finding> findings = Diagnosis.of(survey);
        boolean well = findings.stream().noneMatch(Finding::problem);
        if (format.json()) {
            kvstore.output().line(Json.pretty(json(survey, findings, well)));
        } else {
            text(survey, findings, well);
        }
        return well ? WELL : WRONG;
    }

    private static ObjectNode json(Survey survey, List<Finding> findings, boolean well) {
        ObjectNode json =
                Json.object().put("well", well).put("asked", survey.second().asked());
        ArrayNode problems = json.putArray("problems");
        ArrayNode notes = json.putArray("notes");
        findings.forEach(finding -> (finding.problem() ? problems : notes).add(finding.json()));
        return json;
    }

    private void text(Survey survey, List<Finding> findings, boolean well) {
        Output output = kvstore.output();
        for (Finding finding : findings) {
            output.line("%s  %s".formatted(finding.problem() ? "WRONG" : "note ", finding.what()));
            output.line("       " + finding.todo());
        }
        int asked = survey.second().nodes().size();
        output.line("%s%d node%s examined, %d partitions, ring version %d, leader %s."
                .formatted(
                        well ? "All is well: " : "",
                        asked,
                        asked == 1 ? "" : "s",
                        survey.status().partitions().total(),
                        survey.status().ringVersion(),
                        survey.status().leader().orElse("none")));
    }

    /** Only of the cluster on this machine. */
    private List<String> notRunning() {
        if (kvstore.namesNodes(cluster) || kvstore.folder().cluster().isEmpty()) {
            return List.of();
        }
        return kvstore.localNodes().missing().stream().map(LocalNode::name).toList();
    }
}
