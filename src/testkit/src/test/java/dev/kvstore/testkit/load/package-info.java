/** Tests of the package of the same name. */
@NullMarked
package dev.kvstore.testkit.load;

import org.jspecify.annotations.NullMarked;
