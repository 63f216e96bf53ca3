package dev.kvstore.core.mutants;

import dev.kvstore.core.sim.RunSeed;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/**
 * The search for a seed that shows a mutant's bug.
 *
 * @param seed the first one, -1 when none did
 * @param violation what the broken core did; empty when nothing was found
 * @param intact what the intact core did with the same seed; empty is right
 * @param defect why the mutant could not be tried at all, or empty
 */
record Hunt(Mutant mutant, long seed, String violation, String intact, String defect) {
    /** How many seeds are tried. */
    static final int SEEDS = 200;

    static Hunt of(Mutant mutant) {
        LongFunction<String> broken;
        try {
            broken = BrokenCore.simulator(mutant);
        } catch (IllegalArgumentException defect) {
            return new Hunt(mutant, -1, "", "", String.valueOf(defect.getMessage()));
        }
        return LongStream.concat(
                        LongStream.of(mutant.likelySeed()),
                        LongStream.range(mutant.firstSeed(), mutant.firstSeed() + SEEDS))
                .mapToObj(seed -> new Hunt(mutant, seed, broken.apply(seed), "", ""))
                // A checker that reached its bound has found nothing.
                .filter(hunt -> !hunt.violation.isEmpty() && !hunt.violation.startsWith("Undecided"))
                .findFirst()
                .map(hunt -> new Hunt(mutant, hunt.seed, hunt.violation, new RunSeed().apply(hunt.seed), ""))
                .orElse(new Hunt(mutant, -1, "", "", ""));
    }

    boolean caught() {
        return seed >= 0;
    }

    /** One line for a human. */
    @Override
    public String toString() {
        String found =
                caught() ? "seed " + seed + ": " + violation.lines().findFirst().orElse("") : "not caught";
        return mutant.name() + " - " + (defect.isEmpty() ? found : defect);
    }
}
