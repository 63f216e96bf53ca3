/**
 * Replication of one partition: primary-backup with an external configuration manager (PacificA, Lin et al. 2008) and
 * Raft's log matching (Ongaro and Ousterhout 2014).
 */
@NullMarked
package dev.kvstore.core.replication;

import org.jspecify.annotations.NullMarked;
