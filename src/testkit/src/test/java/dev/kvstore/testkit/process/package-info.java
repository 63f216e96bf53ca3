/** Tests of the package of the same name. */
@NullMarked
package dev.kvstore.testkit.process;

import org.jspecify.annotations.NullMarked;
