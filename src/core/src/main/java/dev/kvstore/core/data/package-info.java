/** Keys, values, operations, their outcomes, and the entries of a partition's log. */
@NullMarked
package dev.kvstore.core.data;

import org.jspecify.annotations.NullMarked;
