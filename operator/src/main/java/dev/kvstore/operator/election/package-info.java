/** Which one of several operators works: a Lease that is waited for as long as it takes, and a fence around every write. */
@NullMarked
package dev.kvstore.operator.election;

import org.jspecify.annotations.NullMarked;
