package dev.kvstore.testkit.bench.store;

import java.time.Duration;
import java.util.List;

/** The processor time of some processes. */
record ProcessorTime(List<ProcessHandle> processes) {

    /** What they have used so far, in nanoseconds. */
    long usedNs() {
        return processes.stream()
                .mapToLong(process ->
                        process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos())
                .sum();
    }
}
