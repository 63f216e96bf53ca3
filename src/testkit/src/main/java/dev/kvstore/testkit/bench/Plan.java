package dev.kvstore.testkit.bench;

import dev.kvstore.testkit.bench.report.Format;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is to be measured.
 *
 * @param what the measurements
 * @param replication copies of each key in the own cluster
 * @param connections requests under way at a time
 * @param keys how many keys there are
 * @param valueBytes length of a value
 * @param rounds how often each phase is repeated
 * @param measured length of a phase
 * @param warmup time before each phase, under the same load
 * @param perSecond rate of the open loop; null for half of what the slowest store took
 * @param peer the store to compare with, null for none
 * @param nodes where a given cluster answers; empty for an own one
 * @param times how often each failure happens
 * @param refillMib how much the wiped node has to get back
 * @param folder where data goes
 * @param output how the result is written
 */
record Plan(
        Set<What> what,
        int replication,
        int connections,
        int keys,
        int valueBytes,
        int rounds,
        Duration measured,
        Duration warmup,
        @Nullable Double perSecond,
        @Nullable Peer peer,
        List<URI> nodes,
        int times,
        int refillMib,
        Path folder,
        Format output) {

    /** A measurement. */
    enum What {
        PUT,
        GET,
        FAILOVER,
        MEMORY,
        START,
        REFILL,
        REBALANCE
    }

    /** A store to compare with. */
    enum Peer {
        ETCD
    }
}
