/** Bounds on what clients' connections cost, however slowly they send and read. */
@NullMarked
package dev.kvstore.node.clients;

import org.jspecify.annotations.NullMarked;
