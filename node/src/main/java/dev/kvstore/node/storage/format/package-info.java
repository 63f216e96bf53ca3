/** What stands in the store, byte by byte: keys, values and the parts of a snapshot, each with the version of its format. */
@NullMarked
package dev.kvstore.node.storage.format;

import org.jspecify.annotations.NullMarked;
