/** How this node and its cluster stand, in the words of the HTTP interface. */
@NullMarked
package dev.kvstore.node.status;

import org.jspecify.annotations.NullMarked;
