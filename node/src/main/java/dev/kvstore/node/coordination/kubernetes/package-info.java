/**
 * Coordination through objects of a Kubernetes cluster: the leader's Lease, a ConfigMap with the ring, and a ConfigMap with
 * the desired state. They are created by somebody else; a node only reads them and changes the first two.
 */
@NullMarked
package dev.kvstore.node.coordination.kubernetes;

import org.jspecify.annotations.NullMarked;
