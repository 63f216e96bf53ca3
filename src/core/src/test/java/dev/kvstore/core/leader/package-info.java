/** Tests of what the leader decides. */
@NullMarked
package dev.kvstore.core.leader;

import org.jspecify.annotations.NullMarked;
