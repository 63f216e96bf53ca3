/** Black-box tests with real processes. */
@NullMarked
package dev.kvstore.e2e;

import org.jspecify.annotations.NullMarked;
