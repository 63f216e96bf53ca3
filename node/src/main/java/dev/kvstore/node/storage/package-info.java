/** A member's disk: log, state, ring and identity in RocksDB, written and read as the core's effects ask. */
@NullMarked
package dev.kvstore.node.storage;

import org.jspecify.annotations.NullMarked;
