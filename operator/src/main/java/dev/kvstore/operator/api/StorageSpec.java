package dev.kvstore.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** The volume of each member, and what becomes of it. */
@ValidationRule(
        value = "has(self.storageClassName) == has(oldSelf.storageClassName)"
                + " && (!has(self.storageClassName) || self.storageClassName == oldSelf.storageClassName)",
        message = "storageClassName cannot be changed: volumes do not move from one class to another")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StorageSpec(
        @JsonPropertyDescription(
                "The size of each member's volume. It may grow where the class allows it, never shrink.")
        @Default("10Gi")
        @Size(max = 20)
        @Pattern("^[0-9]+(\\.[0-9]+)?(Ki|Mi|Gi|Ti|Pi|k|M|G|T|P)?$")
        @ValidationRule(
                value = "quantity(self).compareTo(quantity(oldSelf)) >= 0",
                message = "storage.size cannot shrink: volumes only grow")
        String size,

        @JsonPropertyDescription(
                "The StorageClass of the volumes; when empty, the default one of the Kubernetes cluster.")
        @Size(max = 253)
        @Nullable
        String storageClassName,

        @JsonPropertyDescription("What becomes of the volumes of members that are removed by scaling down.")
        @Default("Delete")
        VolumePolicy whenScaled,

        @JsonPropertyDescription("What becomes of all volumes when the KVCluster is deleted.") @Default("Retain")
        VolumePolicy whenDeleted) {
    public StorageSpec(
            @Nullable String size,
            @Nullable String storageClassName,
            @Nullable VolumePolicy whenScaled,
            @Nullable VolumePolicy whenDeleted) {
        this.size = size == null ? "10Gi" : size;
        this.storageClassName = storageClassName;
        this.whenScaled = whenScaled == null ? VolumePolicy.Delete : whenScaled;
        this.whenDeleted = whenDeleted == null ? VolumePolicy.Retain : whenDeleted;
    }

    /** What becomes of a volume that is no longer needed. */
    public enum VolumePolicy {
        Retain,
        Delete
    }
}
