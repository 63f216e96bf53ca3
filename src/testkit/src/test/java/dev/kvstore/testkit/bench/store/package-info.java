/** Tests of the benchmark's clients. */
@NullMarked
package dev.kvstore.testkit.bench.store;

import org.jspecify.annotations.NullMarked;
