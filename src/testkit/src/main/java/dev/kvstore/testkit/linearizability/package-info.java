/** Judges histories: is there one order of all calls that explains every answer? */
@NullMarked
package dev.kvstore.testkit.linearizability;

import org.jspecify.annotations.NullMarked;
