package dev.kvstore.operator.resources;

import dev.kvstore.operator.api.KVCluster;
import dev.kvstore.operator.api.KVClusterSpec;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.util.List;
import java.util.SortedMap;

/**
 * Everything that the factories need to know: the order of the user, and what was decided from the cluster's present state.
 *
 * @param members the members that are wanted, each with the zone of its machine; empty when it is not known
 * @param acceptLoss partitions whose loss was accepted, each with the epoch at which it was lost
 * @param pods how many pods there shall be: more than members while some of them are emptied
 * @param whole whether every member is there and every copy in sync, so that a drain may take one
 * @param rendered the pods' template
 * @param claims the volume claim templates that the StatefulSet already has, which cannot be changed; empty at first
 */
public record Wanted(
        KVCluster cluster,
        SortedMap<String, String> members,
        SortedMap<Integer, Long> acceptLoss,
        int pods,
        boolean whole,
        RenderedPods rendered,
        List<PersistentVolumeClaim> claims) {
    public KVClusterSpec spec() {
        return cluster.getSpec();
    }

    public ObjectNames names() {
        return ObjectNames.of(cluster);
    }
}
