package dev.kvstore.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.core.data.Outcome;
import dev.kvstore.core.data.Outcome.Failure;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutcomesTest {
    @Test
    void givesEachFailureItsStatusAndCode() {
        Map<Failure, String> expected = Map.of(
                Failure.OVERLOADED, "429 overloaded",
                Failure.NO_PRIMARY, "503 no-primary",
                Failure.TOO_FEW_COPIES, "503 no-primary",
                Failure.LOST, "503 partition-lost",
                Failure.DISK_FULL, "507 disk-full",
                Failure.UNKNOWN, "504 outcome-unknown");
        for (Failure failure : Failure.values()) {
            Problem problem = Outcomes.problem(failure);
            assertThat(problem.status() + " " + problem.code()).isEqualTo(expected.get(failure));
            boolean later = problem.status() == 429 || problem.status() == 503;
            assertThat(problem.headers().containsKey("Retry-After"))
                    .as(failure.name())
                    .isEqualTo(later);
            assertThat(Outcomes.problem(Outcome.failed(failure))).isEqualTo(problem);
        }
    }

    @Test
    void saysThatNothingWasWrittenWhereThatIsSo() {
        for (Failure failure : Failure.values()) {
            boolean sure = failure != Failure.UNKNOWN && failure != Failure.LOST;
            assertThat(Outcomes.problem(failure).detail().contains("nothing was written"))
                    .as(failure.name())
                    .isEqualTo(sure);
        }
    }
}
