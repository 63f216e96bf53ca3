/** The public HTTP interface, version 1: requests become operations of the core, outcomes become answers. */
@NullMarked
package dev.kvstore.node.http;

import org.jspecify.annotations.NullMarked;
