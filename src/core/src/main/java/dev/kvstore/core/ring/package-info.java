/** The ring: who the members are, where each partition lives, and by which rules that may change. */
@NullMarked
package dev.kvstore.core.ring;

import org.jspecify.annotations.NullMarked;
