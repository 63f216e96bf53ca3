/** Tests of the load and of what is measured of it. */
@NullMarked
package dev.kvstore.testkit.bench.load;

import org.jspecify.annotations.NullMarked;
