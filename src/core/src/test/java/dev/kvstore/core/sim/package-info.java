/**
 * A whole cluster of cores on virtual time, with everything that can go wrong, from one seed: the same seed gives the same
 * trace.
 */
@NullMarked
package dev.kvstore.core.sim;

import org.jspecify.annotations.NullMarked;
