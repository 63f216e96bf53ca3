package dev.kvstore.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kvstore.e2e.chart.Checkout;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/**
 * The chart's way in and out: over what is there, and leaving nothing but what is to be kept. It goes before the others on
 * Kubernetes, since it ends the cluster that they share.
 */
@OnKubernetes
@Order(1)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class UninstallIT {
    private static final String LABEL = Operator.LABEL;
    private static final List<String> KINDS = List.of(
            "deployment",
            "service",
            "serviceaccount",
            "role",
            "rolebinding",
            "clusterrole",
            "clusterrolebinding",
            "lease");
    private static final String LEASE = "kvstore-operator";
    private static final Duration GONE = Duration.ofMinutes(3);

    @Test
    @Order(1)
    void uninstallLeavesNothingButTheResourceDefinitionAndWhatItDefines() throws Exception {
        KvCluster cluster = SharedCluster.ready();
        Map<String, String> pods = cluster.uids();

        Operator.uninstall();
        awaitNothingLeft();
        JsonNode definition = Kubectl.get("crd", "kvclusters.kvstore.dev");
        assertThat(definition.path("metadata").path("deletionTimestamp").isMissingNode())
                .isTrue();
        assertThat(cluster.resource().path("kind").asText()).isEqualTo("KVCluster");

        // a later install takes over what is there, and rolls nothing
        Operator.install();
        cluster.awaitWhole(SharedCluster.MEMBERS);
        assertThat(cluster.uids()).isEqualTo(pods);

        // an upgrade leaves what the operator has written into the chart's Lease
        String leading = leading();
        assertThat(leading).startsWith("kvstore-operator-");
        Operator.install();
        assertThat(leading()).isEqualTo(leading);

        SharedCluster.close();
        Operator.uninstall();
        awaitNothingLeft();
        awaitNoPod();
        Kubectl.run("delete", "crd", "kvclusters.kvstore.dev");
        Kubectl.awaitNone(GONE, "statefulset", "-A", "-l", "app.kubernetes.io/managed-by=kvstore-operator");
        Kubectl.awaitNone(GONE, "configmap", "-A", "-l", "app.kubernetes.io/managed-by=kvstore-operator");
        Kubectl.awaitNone(GONE, "lease", "-A", "-l", "app.kubernetes.io/managed-by=kvstore-operator");
    }

    @Test
    @Order(2)
    void thePlainManifestsInstallTheSameAndLeaveNothing() throws Exception {
        SharedCluster.close();
        Operator.uninstall();
        awaitNothingLeft();
        // before Kubernetes 1.25, kubectl refuses rules in a resource definition unless it is told not to look
        String[] apply = {"apply", "-k", Checkout.deploy().toString(), "--validate=false"};
        Kubectl.run(apply);
        Kubectl.run("wait", "crd/kvclusters.kvstore.dev", "--for=condition=Established", "--timeout=60s");
        try (KvCluster cluster = KvCluster.create(
                "e2e-manifests", "{replicas: 1, replicationFactor: 1, storage: {whenDeleted: Delete}}")) {
            cluster.awaitWhole(1);
            String leading = leading();
            assertThat(leading).startsWith("kvstore-operator-");
            Kubectl.run(apply);
            assertThat(leading()).isEqualTo(leading);
        }
        Kubectl.run("delete", "-k", Checkout.deploy().toString());
        awaitNothingLeft();
        awaitNoPod();
        assertThat(Kubectl.run("get", "crd,namespace", "-o", "name"))
                .doesNotContain("kvclusters.kvstore.dev")
                .doesNotContain(Operator.NAMESPACE);
    }

    /** Pods go in the kubelet's own time, and are waited for once after each way of installing. */
    private static void awaitNoPod() throws Exception {
        Kubectl.awaitNone(GONE, "pod", "-A", "-l", LABEL);
    }

    private static void awaitNothingLeft() throws Exception {
        for (String kind : KINDS) {
            Kubectl.awaitNone(GONE, kind, "-A", "-l", LABEL);
        }
        // by name too: one that the operator made itself has no label
        assertThat(Kubectl.run("get", "lease", "-n", Operator.NAMESPACE, "-o", "name"))
                .doesNotContain(LEASE);
    }

    /** Which operator leads, and how often that has changed. */
    private static String leading() throws Exception {
        JsonNode lease = Kubectl.await(
                "an operator leads",
                GONE,
                found -> !found.at("/spec/holderIdentity").asText("").isEmpty(),
                "lease/" + LEASE,
                "-n",
                Operator.NAMESPACE);
        return lease.at("/spec/holderIdentity").asText() + ", "
                + lease.at("/spec/leaseTransitions").asInt();
    }
}
