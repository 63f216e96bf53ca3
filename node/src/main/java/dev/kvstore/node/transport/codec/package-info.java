/** The bytes that members exchange: frames, the greeting at the start of a connection, and every message of the core. */
@NullMarked
package dev.kvstore.node.transport.codec;

import org.jspecify.annotations.NullMarked;
