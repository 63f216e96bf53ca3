package dev.kvstore.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the cluster stands. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record KVClusterStatus(
        @JsonPropertyDescription("The generation of the spec that this status is about.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription(
                "In one word: Creating, Running, Scaling, Updating, Rebalancing, Degraded, DataLost" + " or Invalid.")
        @Nullable
        String phase,

        @JsonPropertyDescription("Ready, Progressing, Degraded and DataLost, each with a reason and a message.")
        List<Condition> conditions,

        @JsonPropertyDescription("How many pods there are.") @StatusReplicas
        int replicas,

        @JsonPropertyDescription("How many of them are ready and known to the ring.")
        int readyReplicas,

        @JsonPropertyDescription("Ready pods of wanted ones, to be read by people.") @Nullable
        String ready,

        @JsonPropertyDescription("Selects the cluster's pods.") @LabelSelector @Nullable
        String selector,

        @JsonPropertyDescription("The member that holds the Lease.") @Nullable
        String leader,

        @JsonPropertyDescription("The id that the nodes have given to the cluster, on their disks and in the ring.")
        @Nullable
        String clusterId,

        @JsonPropertyDescription("The version of the ring.") @Nullable
        Long ringVersion,

        @JsonPropertyDescription("The partitions and their copies.") @Nullable
        PartitionCounts partitions,

        @JsonPropertyDescription("Partitions that still have to leave members that are to go, or to reach new ones.")
        int partitionsToMove,

        @JsonPropertyDescription(
                "The newest spec that could be followed, as JSON. While a newer one is refused, the cluster is kept by this.")
        @Nullable
        String followedSpec) {
    public KVClusterStatus {
        conditions = conditions == null ? List.of() : conditions;
    }

    /** How many partitions there are, and how they stand. */
    public record PartitionCounts(
            @JsonPropertyDescription("All partitions.") int total,

            @JsonPropertyDescription("Partitions with their full number of copies in sync.")
            int fullyInSync,

            @JsonPropertyDescription("Partitions whose primary is not there.")
            int withoutPrimary,

            @JsonPropertyDescription("Partitions whose last copy in sync is gone.")
            int lost) {}
}
