/** RocksDB as this store uses it: its column families and options, batches, ranges; it knows nothing of what stands in them. */
@NullMarked
package dev.kvstore.node.storage.rocks;

import org.jspecify.annotations.NullMarked;
