/** Real processes for tests: start, watch, freeze and kill them, and leave none behind. */
@NullMarked
package dev.kvstore.testkit.process;

import org.jspecify.annotations.NullMarked;
