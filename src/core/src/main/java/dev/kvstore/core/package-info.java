/** The algorithms of the store: inputs and the time come in, effects go out; no framework, no I/O, no clock. */
@NullMarked
package dev.kvstore.core;

import org.jspecify.annotations.NullMarked;
