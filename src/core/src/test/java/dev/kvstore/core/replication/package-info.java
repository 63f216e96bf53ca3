/** Tests of parts of a replica. */
@NullMarked
package dev.kvstore.core.replication;

import org.jspecify.annotations.NullMarked;
