/** Tests of the prompt's parts. */
@NullMarked
package dev.kvstore.cli.prompt;

import org.jspecify.annotations.NullMarked;
