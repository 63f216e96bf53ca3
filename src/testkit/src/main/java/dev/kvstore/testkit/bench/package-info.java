/** The benchmark: {@code ./kvstore bench}. */
@NullMarked
package dev.kvstore.testkit.bench;

import org.jspecify.annotations.NullMarked;
