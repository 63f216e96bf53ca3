/** Commands that change what the cluster should be. */
@NullMarked
package dev.kvstore.cli.command.orders;

import org.jspecify.annotations.NullMarked;
