/** Tests of the package of the same name. */
@NullMarked
package dev.kvstore.testkit.linearizability;

import org.jspecify.annotations.NullMarked;
