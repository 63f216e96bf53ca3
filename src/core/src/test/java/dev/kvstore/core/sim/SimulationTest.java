package dev.kvstore.core.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulationTest {
    private static final int SEEDS = 2_000;

    @Test
    void noSeedViolatesAnything() {
        List<Runs.Result> failed = LongStream.range(0, SEEDS)
                .parallel()
                .mapToObj(seed -> Runs.run(seed, 0))
                .filter(result -> !result.ok())
                .toList();
        assertThat(failed)
                .as("replay one with: ./kvstore simulate --seeds 1 --from SEED")
                .isEmpty();
    }

    /** Seeds that once failed, each for another reason. */
    @ParameterizedTest
    @ValueSource(longs = {20, 279, 298, 1287, 2371, 301548, 336006, 671521, 1003451, 1010465})
    void seedsThatOnceFailedPass(long seed) {
        assertThat(Runs.run(seed, 0).violation()).isEmpty();
    }

    @Test
    void theSameSeedGivesTheSameTrace() {
        for (long seed = 1; seed <= 20; seed++) {
            Runs.Result once = Runs.run(seed, 100_000);
            Runs.Result again = Runs.run(seed, 100_000);
            assertThat(again.digest()).isEqualTo(once.digest());
            assertThat(again.trace()).isEqualTo(once.trace());
            assertThat(once.events()).isGreaterThan(1_000);
        }
    }
}
