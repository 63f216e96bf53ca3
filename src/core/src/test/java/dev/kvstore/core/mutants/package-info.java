/** The core, broken on purpose, to show that the simulator finds bugs. */
@NullMarked
package dev.kvstore.core.mutants;

import org.jspecify.annotations.NullMarked;
