package dev.kvstore.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted. What is left out becomes its default, here as in the schema, since an API server only fills in what was
 * written after the schema was there. Every number is at least 1, so 0 is one that was left out.
 */
@ValidationRule(
        value = "self.replicas >= self.replicationFactor",
        message = "replicas must be at least the replicationFactor: each copy of a partition is on a member of its own")
@ValidationRule(
        value = "self.minInSync <= self.replicationFactor",
        message = "minInSync must be at most the replicationFactor, or no write would ever be taken")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record KVClusterSpec(
        @JsonPropertyDescription("How many members the cluster has. kubectl scale and an autoscaler change this.")
        @SpecReplicas
        @Default("3")
        @Min(1)
        @Max(100)
        int replicas,

        @JsonPropertyDescription("How many copies of each partition there are. f+1 copies survive the loss of f.")
        @Default("2")
        @Min(1)
        @Max(7)
        int replicationFactor,

        @JsonPropertyDescription("Writes are refused while a partition has fewer copies in sync than this.")
        @Default("1")
        @Min(1)
        @Max(7)
        int minInSync,

        @JsonPropertyDescription("How many partitions the keys are divided into: a power of two, never changed.")
        @Default("128")
        @Min(1)
        @Max(1024)
        @ValidationRule(
                value = "self in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]",
                message = "partitions must be a power of two from 1 to 1024")
        @ValidationRule(value = "self == oldSelf", message = "partitions cannot be changed: create another cluster")
        int partitions,

        @JsonPropertyDescription("The volume of each member.") @Default("{}")
        StorageSpec storage,

        @JsonPropertyDescription("The nodes' image; when empty, the one that the operator was installed with.")
        @Size(max = 512)
        @Nullable
        String image,

        @JsonPropertyDescription("When the kubelet pulls the image.") @Default("IfNotPresent")
        PullPolicy imagePullPolicy,

        @JsonPropertyDescription("What each node's container requests and is limited to. Its memory follows the limit.")
        @Nullable
        ResourceRequirements resources,

        @JsonPropertyDescription("Bounds on requests. A change is taken without a restart.") @Default("{}")
        LimitsSpec limits,

        @JsonPropertyDescription("Further fields of the nodes' pods.") @Nullable
        PodOptions pod,

        @JsonPropertyDescription("When true, no pod is restarted for an update; everything else goes on.")
        @Default("false")
        boolean paused,

        @JsonPropertyDescription("What happens when a member stays away.") @Default("{}")
        RecoverySpec recovery,

        @JsonPropertyDescription(
                "How fast copies are moved when members come and go. A change is taken without a restart.")
        @Default("{}")
        RebalanceSpec rebalance) {
    /** Everything as it is when nothing is said. */
    public static final KVClusterSpec DEFAULT =
            new KVClusterSpec(0, 0, 0, 0, null, null, null, null, null, null, false, null, null);

    public KVClusterSpec(
            int replicas,
            int replicationFactor,
            int minInSync,
            int partitions,
            @Nullable StorageSpec storage,
            @Nullable String image,
            @Nullable PullPolicy imagePullPolicy,
            @Nullable ResourceRequirements resources,
            @Nullable LimitsSpec limits,
            @Nullable PodOptions pod,
            boolean paused,
            @Nullable RecoverySpec recovery,
            @Nullable RebalanceSpec rebalance) {
        this.replicas = replicas == 0 ? 3 : replicas;
        this.replicationFactor = replicationFactor == 0 ? 2 : replicationFactor;
        this.minInSync = minInSync == 0 ? 1 : minInSync;
        this.partitions = partitions == 0 ? 128 : partitions;
        this.storage = storage == null ? new StorageSpec(null, null, null, null) : storage;
        this.image = image;
        this.imagePullPolicy = imagePullPolicy == null ? PullPolicy.IfNotPresent : imagePullPolicy;
        this.resources = resources;
        this.limits = limits == null ? new LimitsSpec(0, 0, 0, 0) : limits;
        this.pod = pod;
        this.paused = paused;
        this.recovery = recovery == null ? new RecoverySpec(null) : recovery;
        this.rebalance = rebalance == null ? new RebalanceSpec(0, null) : rebalance;
    }

    /** When the kubelet pulls an image, in Kubernetes' own words. */
    public enum PullPolicy {
        Always,
        IfNotPresent,
        Never
    }
}
