/** Tests of what is read from a cluster, and scenes for other tests. */
@NullMarked
package dev.kvstore.operator.observed;

import org.jspecify.annotations.NullMarked;
