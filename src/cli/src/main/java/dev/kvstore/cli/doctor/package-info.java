/** Examines a cluster: from what its nodes say to what is wrong and what to do. Pure. */
@NullMarked
package dev.kvstore.cli.doctor;

import org.jspecify.annotations.NullMarked;
