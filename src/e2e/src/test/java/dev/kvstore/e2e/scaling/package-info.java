/** Clusters of real processes that grow, shrink and change, and what their users see meanwhile. */
@NullMarked
package dev.kvstore.e2e.scaling;

import org.jspecify.annotations.NullMarked;
