package dev.kvstore.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Chosen fields of the nodes' pods. What the operator sets itself wins over labels, annotations and environment here. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PodOptions(
        @JsonPropertyDescription("Labels besides the operator's own.") @Size(max = 64)
        Map<String, String> labels,

        @JsonPropertyDescription("Annotations.") @Size(max = 64)
        Map<String, String> annotations,

        @JsonPropertyDescription("Labels that the Kubernetes node must have.") @Size(max = 64)
        Map<String, String> nodeSelector,

        @JsonPropertyDescription(
                "Affinity. When empty, pods prefer machines on which no other pod of the cluster runs.")
        @Nullable
        Affinity affinity,

        @JsonPropertyDescription("Tolerations of taints.") @Size(max = 64)
        List<Toleration> tolerations,

        @JsonPropertyDescription("How pods spread. When empty, they spread over zones where they can.") @Size(max = 16)
        List<TopologySpreadConstraint> topologySpreadConstraints,

        @JsonPropertyDescription("The pods' priority class.") @Size(max = 253) @Nullable
        String priorityClassName,

        @JsonPropertyDescription("Environment of the node's container besides the operator's own.") @Size(max = 128)
        List<EnvVar> env) {
    /** Nothing is asked for. */
    public static final PodOptions NONE = new PodOptions(null, null, null, null, null, null, null, null);

    public PodOptions(
            @Nullable Map<String, String> labels,
            @Nullable Map<String, String> annotations,
            @Nullable Map<String, String> nodeSelector,
            @Nullable Affinity affinity,
            @Nullable List<Toleration> tolerations,
            @Nullable List<TopologySpreadConstraint> topologySpreadConstraints,
            @Nullable String priorityClassName,
            @Nullable List<EnvVar> env) {
        this.labels = labels == null ? Map.of() : labels;
        this.annotations = annotations == null ? Map.of() : annotations;
        this.nodeSelector = nodeSelector == null ? Map.of() : nodeSelector;
        this.affinity = affinity;
        this.tolerations = tolerations == null ? List.of() : tolerations;
        this.topologySpreadConstraints = topologySpreadConstraints == null ? List.of() : topologySpreadConstraints;
        this.priorityClassName = priorityClassName;
        this.env = env == null ? List.of() : env;
    }
}
