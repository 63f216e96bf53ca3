/** The node's process: its configuration, its start and its end. */
@NullMarked
package dev.kvstore.node;

import org.jspecify.annotations.NullMarked;
