package dev.kvstore.operator.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/** How much may be on the move at a time; no moves at once is a number that was left out. */
public record RebalanceSpec(
        @JsonPropertyDescription(
                "Most partitions of which a copy is being made at the same time, in the whole cluster.")
        @Default("4")
        @Min(1)
        @Max(1024)
        int maxConcurrentMoves,

        @JsonPropertyDescription(
                "Most bytes of copies that one member sends in a second, as 50Mi or 50000000; 0 is no limit.")
        @Default("0")
        Quantity maxBytesPerSecond) {
    private static final Quantity NO_LIMIT = new Quantity("0");

    public RebalanceSpec(int maxConcurrentMoves, @Nullable Quantity maxBytesPerSecond) {
        this.maxConcurrentMoves = maxConcurrentMoves == 0 ? 4 : maxConcurrentMoves;
        this.maxBytesPerSecond = maxBytesPerSecond == null ? NO_LIMIT : maxBytesPerSecond;
    }
}
