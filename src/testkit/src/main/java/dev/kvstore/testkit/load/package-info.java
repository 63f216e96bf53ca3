/** Clients of the store's HTTP interface that record what they see: one for a test's own calls, many for load. */
@NullMarked
package dev.kvstore.testkit.load;

import org.jspecify.annotations.NullMarked;
