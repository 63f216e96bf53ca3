/** Stores that can be put under load: this one, and etcd over its gateway and over gRPC. */
@NullMarked
package dev.kvstore.testkit.bench.store;

import org.jspecify.annotations.NullMarked;
