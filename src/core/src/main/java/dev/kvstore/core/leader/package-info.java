/** What the leader decides: who is a member, who has failed, where copies should be, who joins and who reigns. */
@NullMarked
package dev.kvstore.core.leader;

import org.jspecify.annotations.NullMarked;
