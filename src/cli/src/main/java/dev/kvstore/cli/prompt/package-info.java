/** The prompt: reads lines from a terminal or a pipe, splits them into words and completes them. */
@NullMarked
package dev.kvstore.cli.prompt;

import org.jspecify.annotations.NullMarked;
