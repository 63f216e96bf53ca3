/** A whole member, driven by whoever owns its I/O: inputs in, effects out. */
@NullMarked
package dev.kvstore.core.node;

import org.jspecify.annotations.NullMarked;
