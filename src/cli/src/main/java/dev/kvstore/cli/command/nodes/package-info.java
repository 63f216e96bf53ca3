/** Commands on the cluster and its nodes, one class each. */
@NullMarked
package dev.kvstore.cli.command.nodes;

import org.jspecify.annotations.NullMarked;
