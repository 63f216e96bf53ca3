/** Load on a store, and what came of it: throughput, latencies without coordinated omission, outages. */
@NullMarked
package dev.kvstore.testkit.bench.load;

import org.jspecify.annotations.NullMarked;
