package dev.kvstore.operator;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The operator's settings; each is also an environment variable, for example KVSTORE_OPERATOR_NODE_IMAGE. */
@ConfigMapping(prefix = "kvstore.operator")
public interface OperatorSettings {
    /** The image of nodes whose KVCluster names none. */
    @WithDefault("kvstore/node:0.1.0")
    String nodeImage();

    /** The namespaces that are watched; all when there are none. */
    Optional<List<String>> namespaces();

    /** How often a cluster that is not settled is looked at when nothing is heard of it. */
    @WithDefault("10s")
    Duration recheck();

    /** Which one of several operators works. */
    Lease lease();

    /** The Lease of the operators. */
    interface Lease {
        /** Its name. */
        @WithDefault("kvstore-operator")
        String name();

        /** Its namespace; the operator's own when empty. */
        Optional<String> namespace();

        /** How long a leader that went silent is waited for; clocks of machines need not agree. */
        @WithDefault("30s")
        Duration duration();

        /**
         * How long after its last renewal a leader may write. Less than the Lease's duration: what is between the two is the
         * longest time that a request may take.
         */
        @WithDefault("20s")
        Duration renewDeadline();

        /** How often it is renewed, and asked for. */
        @WithDefault("5s")
        Duration retry();
    }
}
