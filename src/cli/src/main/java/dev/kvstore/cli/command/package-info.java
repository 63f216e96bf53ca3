/** What commands share: the program's own options, and those that several commands have. */
@NullMarked
package dev.kvstore.cli.command;

import org.jspecify.annotations.NullMarked;
