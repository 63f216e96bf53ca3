/**
 * Single connections and who is at their other ends. All of it lives on one event loop, but for what is said to be for the
 * engine's thread or for any.
 */
@NullMarked
package dev.kvstore.node.transport.connection;

import org.jspecify.annotations.NullMarked;
