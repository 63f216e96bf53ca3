/** Tests of nodes on this machine. */
@NullMarked
package dev.kvstore.cli.local;

import org.jspecify.annotations.NullMarked;
