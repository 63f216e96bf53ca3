/**
 * What nodes agree on outside of their own protocol: who leads, which ring holds, what the cluster should be. The port is
 * {@link dev.kvstore.node.coordination.Coordination}; a sub-package each implements it.
 */
@NullMarked
package dev.kvstore.node.coordination;

import org.jspecify.annotations.NullMarked;
