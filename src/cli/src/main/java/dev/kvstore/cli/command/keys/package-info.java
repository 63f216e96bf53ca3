/** Commands on keys, one class each. */
@NullMarked
package dev.kvstore.cli.command.keys;

import org.jspecify.annotations.NullMarked;
