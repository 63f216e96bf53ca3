/** Tests of what the benchmark prints. */
@NullMarked
package dev.kvstore.testkit.bench.report;

import org.jspecify.annotations.NullMarked;
