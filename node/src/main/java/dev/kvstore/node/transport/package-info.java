/**
 * Messages between members over TCP: one connection for each pair and direction. A node dials every other one that it knows
 * and sends over its own connections only; on those that others have dialled it only receives.
 */
@NullMarked
package dev.kvstore.node.transport;

import org.jspecify.annotations.NullMarked;
