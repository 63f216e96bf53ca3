package dev.kvstore.testkit.linearizability;

import dev.kvstore.testkit.history.Call;
import dev.kvstore.testkit.history.History;
import java.util.List;
import java.util.Map;

/**
 * Decides whether a history is linearizable (Herlihy and Wing, 1990): whether one order of all calls, in which a call that
 * returned before another began comes first, explains every answer.
 *
 * <p>Linearizability is local, so each key is judged by itself. A key is absent, or it holds a value with a version;
 * conditions, versions and expiry mean what {@link Register} and {@link Translation} say. A write of unknown outcome may
 * take effect at any time after its start, or never; a refused one never does. Stale reads are held to the weaker rule of
 * {@link StaleReads}.
 *
 * <p>A passed check is no proof for a history with failed conditions that do not tell the present version while writes
 * with unknown outcome are about: which version the key did <em>not</em> have is then forgotten. It never reports a
 * violation that is none.
 *
 * <p>One checker serves many histories, one at a time; it is not safe for use by several threads.
 */
public final class LinearizabilityChecker {

    private final CheckerSettings settings;
    private final Search search = new Search();

    /**
     * A checker.
     *
     * @param settings tolerance and bound
     */
    public LinearizabilityChecker(CheckerSettings settings) {
        this.settings = settings;
    }

    /**
     * Judges a history.
     *
     * @param history the calls, against a store that was empty at first
     * @return a violation if any key has one, otherwise undecided if any key is
     */
    public Verdict check(History history) {
        long states = 0;
        Verdict undecided = null;
        for (Map.Entry<String, List<Call>> entry : history.byKey().entrySet()) {
            Verdict verdict = checkKey(entry.getKey(), entry.getValue());
            switch (verdict) {
                case Verdict.Violation violation -> {
                    return violation;
                }
                case Verdict.Undecided open -> undecided = undecided == null ? open : undecided;
                case Verdict.Linearizable _ -> states += search.statesVisited();
            }
        }
        return undecided == null ? new Verdict.Linearizable(history.calls().size(), states) : undecided;
    }

    private Verdict checkKey(String key, List<Call> calls) {
        Timeline timeline = Timeline.of(calls, settings.clockSkewMs());
        return switch (search.run(timeline, settings.maxStates())) {
            case FOUND -> StaleReads.check(key, calls);
            case NONE -> new Verdict.Violation(key, Explanation.of(key, calls, search.deadEnd()));
            case GAVE_UP -> new Verdict.Undecided(key, search.statesVisited());
        };
    }
}
