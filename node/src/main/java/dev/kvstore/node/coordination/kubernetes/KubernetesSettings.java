package dev.kvstore.node.coordination.kubernetes;

/**
 * Names of the objects, and times in milliseconds.
 *
 * @param namespace where the objects are
 * @param lease name of the leader's Lease
 * @param ring name of the ConfigMap with the ring
 * @param config name of the ConfigMap with the desired state
 * @param leaseMs a Lease whose record has not changed for so long is free; the holder itself gives up after the same
 * @param renewMs between two renewals
 * @param jitterMs watchers wait up to so much longer, each another time, so that they do not all jump at once
 * @param pollMs between two looks at the own clock; no request comes of it alone
 * @param leaseRequestMs a request that concerns the Lease is given up after this; well below the Lease's time
 * @param requestMs any other request is given up after this
 * @param backoffMinMs before the first new attempt after a failure
 * @param backoffMaxMs before any later one
 * @param watchMs a watch is made anew after this, so that one that has died silently is missed for no longer
 * @param startMs the check before the start is given up after this
 * @param closeMs the release of the Lease is given up after this
 */
public record KubernetesSettings(
        String namespace,
        String lease,
        String ring,
        String config,
        long leaseMs,
        long renewMs,
        long jitterMs,
        long pollMs,
        int leaseRequestMs,
        int requestMs,
        long backoffMinMs,
        long backoffMaxMs,
        long watchMs,
        long startMs,
        long closeMs) {
    /** What tells this cluster from every other one in the same Kubernetes cluster. */
    public String place() {
        return namespace + "/" + ring;
    }

    /** With the times that a node uses. */
    public static KubernetesSettings of(String namespace, String lease, String ring, String config) {
        return new KubernetesSettings(
                namespace, lease, ring, config, 3_000, 1_000, 500, 100, 800, 5_000, 200, 5_000, 300_000, 1_000, 1_500);
    }
}
