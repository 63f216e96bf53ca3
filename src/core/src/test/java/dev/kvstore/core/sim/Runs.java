package dev.kvstore.core.sim;

import dev.kvstore.testkit.linearizability.CheckerSettings;
import dev.kvstore.testkit.linearizability.LinearizabilityChecker;
import dev.kvstore.testkit.linearizability.Verdict;
import java.util.List;

/** Runs seeds and says how they ended. */
final class Runs {
    /** How long faults go on in a run, in virtual milliseconds. */
    static final int FAULTS_MS = 15_000;

    /** Of a search for one key: one seed in ten thousand needs more than the usual bound. */
    private static final int MAX_STATES = 4_000_000;

    /**
     * How a seed ended.
     *
     * @param violation what must never happen and did; empty when all is well
     */
    record Result(long seed, String violation, long digest, long events, int calls, List<String> trace) {
        boolean ok() {
            return violation.isEmpty();
        }
    }

    private Runs() {}

    /**
     * Runs one seed.
     *
     * @param keepLines how many lines of its trace are kept
     */
    static Result run(long seed, int keepLines) {
        Simulation simulation = new Simulation(seed, keepLines);
        String violation = "";
        try {
            simulation.run(FAULTS_MS);
            Verdict verdict = new LinearizabilityChecker(
                            new CheckerSettings(2 * simulation.wallSkewMs() + 10, MAX_STATES))
                    .check(simulation.history());
            if (!verdict.ok()) {
                violation = verdict.toString();
            }
        } catch (Violation found) {
            violation = String.valueOf(found.getMessage());
        } catch (RuntimeException defect) {
            StringBuilder text = new StringBuilder(defect.toString());
            for (StackTraceElement element : defect.getStackTrace()) {
                if (element.getClassName().startsWith("dev.kvstore")) {
                    text.append("\n    at ").append(element);
                }
            }
            violation = text.toString();
        }
        return new Result(
                seed,
                violation,
                simulation.trace().digest(),
                simulation.events(),
                simulation.recorder().size(),
                simulation.trace().lines());
    }
}
