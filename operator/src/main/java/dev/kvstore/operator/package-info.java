/** The operator's root: its settings, and what it gives to the frameworks that run it. */
@NullMarked
package dev.kvstore.operator;

import org.jspecify.annotations.NullMarked;
