/** What a user gets to see: streams, tables, sentences and exit codes. */
@NullMarked
package dev.kvstore.cli.output;

import org.jspecify.annotations.NullMarked;
