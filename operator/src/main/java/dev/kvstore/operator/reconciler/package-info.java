/** From what is wanted and what is there to what is to be done; deciding is pure, one class does it. */
@NullMarked
package dev.kvstore.operator.reconciler;

import org.jspecify.annotations.NullMarked;
