/** Tests of what is shown. */
@NullMarked
package dev.kvstore.cli.output;

import org.jspecify.annotations.NullMarked;
