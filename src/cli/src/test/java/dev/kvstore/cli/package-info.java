/** Tests of the command line as a user sees it, against stub nodes. */
@NullMarked
package dev.kvstore.cli;

import org.jspecify.annotations.NullMarked;
