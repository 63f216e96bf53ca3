/** How operators are elected, on clocks that a test moves. */
@NullMarked
package dev.kvstore.operator.election;

import org.jspecify.annotations.NullMarked;
