package dev.kvstore.node.metrics;

import dev.kvstore.node.coordination.CoordinationMetrics;
import dev.kvstore.node.storage.StorageMetrics;
import dev.kvstore.node.transport.TransportMetrics;
import org.jspecify.annotations.Nullable;

/** Where the parts of the node count. */
public interface MetricSources {
    /** What the disk has done; null before the node has started. */
    @Nullable
    StorageMetrics storageMetrics();

    /** What the transport has done; null before the node has started. */
    @Nullable
    TransportMetrics transportMetrics();

    /** What was done about the Lease, the register and the desired state; null before the node has started. */
    @Nullable
    CoordinationMetrics coordinationMetrics();
}
