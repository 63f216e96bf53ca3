/** Pure factories: what a cluster's objects in Kubernetes should be, one factory for each. */
@NullMarked
package dev.kvstore.operator.resources;

import org.jspecify.annotations.NullMarked;
