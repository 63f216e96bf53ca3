package dev.kvstore.cli.doctor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** All findings on a cluster, problems first. */
public final class Diagnosis {
    private Diagnosis() {}

    /** Examines a cluster. */
    public static List<Finding> of(Survey survey) {
        List<Finding> findings = new ArrayList<>();
        MemberChecks.run(survey, findings);
        CopyChecks.run(survey, findings);
        RingChecks.run(survey, findings);
        ResourceChecks.run(survey, findings);
        findings.sort(Comparator.comparing(finding -> !finding.problem()));
        return findings;
    }
}
