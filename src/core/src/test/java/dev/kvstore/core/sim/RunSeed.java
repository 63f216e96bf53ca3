package dev.kvstore.core.sim;

import java.util.function.LongFunction;

/** Runs a seed and returns the violation, empty when there is none: for a caller in another class loader. */
public final class RunSeed implements LongFunction<String> {
    @Override
    public String apply(long seed) {
        return Runs.run(seed, 0).violation();
    }
}
