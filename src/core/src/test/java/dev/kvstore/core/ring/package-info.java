/** Tests of slots, placement and the ring's rules of change. */
@NullMarked
package dev.kvstore.core.ring;

import org.jspecify.annotations.NullMarked;
