/** The node's image, and clusters of containers. */
@NullMarked
package dev.kvstore.e2e.container;

import org.jspecify.annotations.NullMarked;
