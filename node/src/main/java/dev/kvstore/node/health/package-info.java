/** What an orchestrator asks: does this node live, is it ready, has it started. */
@NullMarked
package dev.kvstore.node.health;

import org.jspecify.annotations.NullMarked;
