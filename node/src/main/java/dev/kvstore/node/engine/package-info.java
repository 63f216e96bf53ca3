/** The core's loop: the thread that feeds inputs to the core and has its effects carried out. */
@NullMarked
package dev.kvstore.node.engine;

import org.jspecify.annotations.NullMarked;
