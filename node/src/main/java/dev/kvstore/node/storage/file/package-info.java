/** The files beside RocksDB's own: the lock of the data folder, the mark of what was synced, the native library. */
@NullMarked
package dev.kvstore.node.storage.file;

import org.jspecify.annotations.NullMarked;
