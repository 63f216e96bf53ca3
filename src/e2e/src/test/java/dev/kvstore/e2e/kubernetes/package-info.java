/** A real Kubernetes with the built images: installed, used, broken and removed. */
@NullMarked
package dev.kvstore.e2e.kubernetes;

import org.jspecify.annotations.NullMarked;
