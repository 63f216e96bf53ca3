/** How a cluster stands, said in conditions, numbers and events. */
@NullMarked
package dev.kvstore.operator.status;

import org.jspecify.annotations.NullMarked;
