/** Tests of a single member, driven by hand. */
@NullMarked
package dev.kvstore.core.node;

import org.jspecify.annotations.NullMarked;
