package dev.kvstore.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.testkit.history.History;
import dev.kvstore.testkit.history.HistoryFile;
import dev.kvstore.testkit.linearizability.CheckerSettings;
import dev.kvstore.testkit.linearizability.LinearizabilityChecker;
import dev.kvstore.testkit.linearizability.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What clients saw, judged. */
public final class Histories {
    /** The nodes share one machine's clock; what is left is the time between reading it and using it. */
    private static final int CLOCK_SKEW_MS = 50;

    private Histories() {}

    /**
     * Fails with the checker's words, and keeps the history, when it is not linearizable.
     *
     * @param history what clients saw
     * @param evidence where a history that fails is kept
     * @throws IOException when it cannot be kept
     */
    public static void assertLinearizable(History history, Path evidence) throws IOException {
        Verdict verdict = new LinearizabilityChecker(CheckerSettings.withSkewMs(CLOCK_SKEW_MS)).check(history);
        if (!verdict.ok()) {
            Files.createDirectories(evidence.getParent());
            HistoryFile.write(evidence, history);
        }
        assertThat(verdict.ok())
                .as("%s%nthe history is kept in %s", verdict, evidence)
                .isTrue();
    }
}
