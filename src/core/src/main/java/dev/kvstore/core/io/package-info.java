/** The core's boundary: what goes in, what comes out, and what both promise. */
@NullMarked
package dev.kvstore.core.io;

import org.jspecify.annotations.NullMarked;
