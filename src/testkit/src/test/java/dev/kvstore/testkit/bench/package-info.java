/** Tests of the benchmark. */
@NullMarked
package dev.kvstore.testkit.bench;

import org.jspecify.annotations.NullMarked;
