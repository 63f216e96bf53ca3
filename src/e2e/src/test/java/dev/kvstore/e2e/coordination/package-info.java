/** Nodes outside of pods that coordinate through a real API server. */
@NullMarked
package dev.kvstore.e2e.coordination;

import org.jspecify.annotations.NullMarked;
