package dev.kvstore.operator.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/** Bounds on what clients may ask of each node; 0 is one that was left out. */
public record LimitsSpec(
        @JsonPropertyDescription("Longest key, in bytes.") @Default("1024") @Min(1) @Max(1024)
        int maxKeyBytes,

        @JsonPropertyDescription("Longest value, in bytes.") @Default("1048576") @Min(1) @Max(16777216)
        int maxValueBytes,

        @JsonPropertyDescription("Most operations at once in each node; more are answered with 429.")
        @Default("4096")
        @Min(1)
        @Max(1000000)
        int inFlightOps,

        @JsonPropertyDescription("Most bytes of operations at once in each node; more are answered with 429.")
        @Default("268435456")
        @Min(1048576)
        @Max(17179869184L)
        long inFlightBytes) {
    public LimitsSpec {
        maxKeyBytes = maxKeyBytes == 0 ? 1024 : maxKeyBytes;
        maxValueBytes = maxValueBytes == 0 ? 1 << 20 : maxValueBytes;
        inFlightOps = inFlightOps == 0 ? 4096 : inFlightOps;
        inFlightBytes = inFlightBytes == 0 ? 256L << 20 : inFlightBytes;
    }
}
