/** A cluster on this machine: its data folder, its settings and its node processes. */
@NullMarked
package dev.kvstore.cli.local;

import org.jspecify.annotations.NullMarked;
