/** What the node counts and measures. */
@NullMarked
package dev.kvstore.node.metrics;

import org.jspecify.annotations.NullMarked;
