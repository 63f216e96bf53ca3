package dev.kvstore.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** The chart's way in and out: over what is there, and leaving nothing but what is to be kept. */
@OnKubernetes
@Isolated("after the others, which need what it removes")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class UninstallIT {
    private static final String LABEL = Operator.LABEL;
    private static final List<String> KINDS = List.of(
            "deployment",
            "pod",
            "service",
            "serviceaccount",
            "role",
            "rolebinding",
            "clusterrole",
            "clusterrolebinding");
    private static final Duration GONE = Duration.ofSeconds(90);

    @Test
    void uninstallLeavesNothingButTheResourceDefinitionAndWhatItDefines() throws Exception {
        KvCluster cluster = SharedCluster.ready();
        Map<String, String> pods = cluster.uids();

        Operator.uninstall();
        for (String kind : KINDS) {
            Kubectl.awaitNone(GONE, kind, "-A", "-l", LABEL);
        }
        JsonNode definition = Kubectl.get("crd", "kvclusters.kvstore.dev");
        assertThat(definition.path("metadata").path("deletionTimestamp").isMissingNode())
                .isTrue();
        assertThat(cluster.resource().path("kind").asText()).isEqualTo("KVCluster");

        // a later install takes over what is there, and rolls nothing
        Operator.install();
        cluster.awaitWhole(SharedCluster.MEMBERS);
        assertThat(cluster.uids()).isEqualTo(pods);

        SharedCluster.close();
        Operator.uninstall();
        for (String kind : KINDS) {
            Kubectl.awaitNone(GONE, kind, "-A", "-l", LABEL);
        }
        Kubectl.run("delete", "crd", "kvclusters.kvstore.dev");
        Kubectl.awaitNone(GONE, "statefulset", "-A", "-l", "app.kubernetes.io/managed-by=kvstore-operator");
        Kubectl.awaitNone(GONE, "configmap", "-A", "-l", "app.kubernetes.io/managed-by=kvstore-operator");
        Kubectl.awaitNone(GONE, "lease", "-A", "-l", "app.kubernetes.io/managed-by=kvstore-operator");
    }
}
