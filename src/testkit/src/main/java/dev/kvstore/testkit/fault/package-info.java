/** Faults that a test inflicts on processes, their disks and their network. */
@NullMarked
package dev.kvstore.testkit.fault;

import org.jspecify.annotations.NullMarked;
