/** Tests of the package of the same name. */
@NullMarked
package dev.kvstore.testkit.history;

import org.jspecify.annotations.NullMarked;
