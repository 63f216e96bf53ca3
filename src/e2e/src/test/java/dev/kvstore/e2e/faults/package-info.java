/** Faults inflicted on real processes, disks and networks, under load whose history is checked. */
@NullMarked
package dev.kvstore.e2e.faults;

import org.jspecify.annotations.NullMarked;
