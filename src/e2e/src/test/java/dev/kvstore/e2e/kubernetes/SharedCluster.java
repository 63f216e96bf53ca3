package dev.kvstore.e2e.kubernetes;

import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One cluster of three nodes for all tests that leave it as they found it. It is made when the first of them wants it. */
final class SharedCluster {
    static final String NAMESPACE = "e2e-kvstore";
    static final int MEMBERS = 3;

    private static @Nullable KvCluster cluster;

    private SharedCluster() {}

    /** The cluster, ready; made anew when a test before has left it otherwise. */
    static synchronized KvCluster ready() throws TimeoutException, InterruptedException {
        KvCluster present = cluster;
        if (present != null) {
            try {
                present.awaitWhole(MEMBERS);
                return present;
            } catch (TimeoutException e) {
                System.out.println("the cluster of the tests before is not whole, and is made anew: " + e.getMessage());
                close();
            }
        }
        // as the nodes of other tests are: see the pom
        String jvm = System.getenv().getOrDefault("KVSTORE_NODE_JVM", "");
        KvCluster made = KvCluster.create(
                NAMESPACE,
                "{replicas: 3, storage: {whenDeleted: Delete}, pod: {env: [{name: JAVA_TOOL_OPTIONS, value: '%s'}]}}"
                        .formatted(jvm));
        cluster = made;
        made.awaitWhole(MEMBERS);
        return made;
    }

    static synchronized void close() {
        KvCluster present = cluster;
        if (present != null) {
            cluster = null;
            present.close();
        }
    }
}
