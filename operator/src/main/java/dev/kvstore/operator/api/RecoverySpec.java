package dev.kvstore.operator.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** What happens when a member stays away. */
public record RecoverySpec(
        @JsonPropertyDescription(
                "How long a member may be away before its copies are rebuilt on others, as 90s, 5m or 1h. A restart shall"
                        + " move no data.")
        @Default("5m")
        @Size(max = 10)
        @Pattern("^[0-9]{1,7}(s|m|h)$")
        String replaceAfter) {
    public RecoverySpec(@Nullable String replaceAfter) {
        this.replaceAfter = replaceAfter == null ? "5m" : replaceAfter;
    }
}
