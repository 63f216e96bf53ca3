package dev.kvstore.core.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** The simulator is worth what it finds: every bug that the protocol's rules are there to prevent. */
@Tag("mutants")
class MutantsTest {
    @TestFactory
    Stream<DynamicTest> everyBrokenCoreIsCaught() {
        List<Hunt> hunts = Mutants.all().parallelStream().map(Hunt::of).toList();
        hunts.forEach(System.out::println);
        return hunts.stream().map(hunt -> DynamicTest.dynamicTest(hunt.mutant().name(), () -> check(hunt)));
    }

    private static void check(Hunt hunt) {
        assertThat(hunt.defect()).isEmpty();
        assertThat(hunt.caught())
                .as(
                        "caught by one of the seeds %d to %d",
                        hunt.mutant().firstSeed(), hunt.mutant().firstSeed() + Hunt.SEEDS - 1)
                .isTrue();
        assertThat(hunt.intact())
                .as("what the intact core does with seed %d", hunt.seed())
                .isEmpty();
    }
}
