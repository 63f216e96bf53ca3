package dev.kvstore.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a node's own token is good for, asked from inside its pod. */
@OnKubernetes
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RightsIT {
    private static final String NAMESPACE = SharedCluster.NAMESPACE;

    private static final String ASK = """
            secrets=/var/run/secrets/kubernetes.io/serviceaccount
            while read -r method path; do
                printf '%s %s ' "$method" "$path"
                curl -sS -o /dev/null -w '%{http_code}\\n' --cacert $secrets/ca.crt -H "Authorization: Bearer $(cat $secrets/token)" \\
                    -H 'Content-Type: application/merge-patch+json' -X "$method" --data '{}' "https://kubernetes.default.svc$path"
            done
            """;

    @Test
    void aNodeReadsAndChangesItsLeaseAndRingReadsItsConfigAndNothingElse() throws Exception {
        String core = "/api/v1/namespaces/" + NAMESPACE;
        String leases = "/apis/coordination.k8s.io/v1/namespaces/" + NAMESPACE + "/leases";
        List<String> allowed = List.of(
                "GET " + leases + "/demo-leader",
                "PATCH " + leases + "/demo-leader",
                "GET " + core + "/configmaps/demo-ring",
                "PATCH " + core + "/configmaps/demo-ring",
                "GET " + core + "/configmaps/demo-config");
        List<String> refused = List.of(
                "PATCH " + core + "/configmaps/demo-config",
                "DELETE " + core + "/configmaps/demo-ring",
                "DELETE " + leases + "/demo-leader",
                "POST " + leases,
                "GET " + leases,
                "GET " + leases + "/other",
                "POST " + core + "/configmaps",
                "GET " + core + "/configmaps",
                "GET " + core + "/configmaps/other",
                "GET " + core + "/secrets",
                "GET " + core + "/pods",
                "DELETE " + core + "/pods/demo-0",
                "POST " + core + "/events",
                "GET " + core + "/services/demo",
                "GET /apis/apps/v1/namespaces/" + NAMESPACE + "/statefulsets/demo",
                "PATCH /apis/apps/v1/namespaces/" + NAMESPACE + "/statefulsets/demo",
                "GET /apis/kvstore.dev/v1/namespaces/" + NAMESPACE + "/kvclusters/demo",
                "PATCH /apis/kvstore.dev/v1/namespaces/" + NAMESPACE + "/kvclusters/demo/status",
                "GET /apis/rbac.authorization.k8s.io/v1/namespaces/" + NAMESPACE + "/roles",
                "GET /api/v1/nodes",
                "GET /api/v1/namespaces",
                "GET /api/v1/namespaces/kube-system/configmaps",
                "GET " + leases.replace(NAMESPACE, "default") + "/demo-leader");
        SharedCluster.ready();
        List<String> questions = new ArrayList<>(allowed);
        questions.addAll(refused);
        List<String> answers = Kubectl.attemptWithInput(
                        String.join("\n", questions) + "\n",
                        "exec",
                        "-i",
                        "demo-0",
                        "-n",
                        NAMESPACE,
                        "--",
                        "bash",
                        "-c",
                        ASK)
                .succeeded()
                .lines()
                .toList();
        List<String> expected = new ArrayList<>();
        allowed.forEach(question -> expected.add(question + " 200"));
        refused.forEach(question -> expected.add(question + " 403"));
        assertThat(answers).containsExactlyElementsOf(expected);
    }
}
