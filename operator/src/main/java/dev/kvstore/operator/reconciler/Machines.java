package dev.kvstore.operator.reconciler;

import dev.kvstore.operator.observed.Machine;
import dev.kvstore.operator.observed.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks machines up, one by one and only when it must be: a watch would bring every heartbeat of every machine of the
 * Kubernetes cluster. The zone of a machine does not change while pods run on it; whether it is gone is asked only about pods
 * that are not well.
 */
final class Machines {
    private static final Logger LOG = LoggerFactory.getLogger(Machines.class);
    private static final String ZONE = "topology.kubernetes.io/zone";
    private static final String OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";

    /** Most machines whose zone is remembered. */
    private static final int MAX_REMEMBERED = 5_000;

    private final KubernetesClient client;
    private final Map<String, Machine> remembered = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Machine> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };
    private boolean forbidden;

    Machines(KubernetesClient client) {
        this.client = client;
    }

    /** The machines of pods, by name. */
    synchronized Map<String, Machine> of(Collection<Node> nodes) {
        Map<String, Machine> machines = new HashMap<>();
        for (Node node : nodes) {
            String name = node.machine().orElse(null);
            if (name == null) {
                continue;
            }
            Machine known = remembered.get(name);
            Machine machine = known != null && node.ready() && !node.terminating() ? known : ask(name);
            if (machine.gone()) {
                remembered.remove(name);
            } else {
                remembered.put(name, machine);
            }
            machines.put(name, machine);
        }
        return machines;
    }

    private Machine ask(String name) {
        if (forbidden) {
            return Machine.PLAIN;
        }
        try {
            io.fabric8.kubernetes.api.model.Node found =
                    client.nodes().withName(name).get();
            if (found == null) {
                return new Machine("", true);
            }
            Map<String, String> labels = found.getMetadata().getLabels();
            return new Machine(
                    labels == null ? "" : labels.getOrDefault(ZONE, ""),
                    found.getSpec().getTaints().stream().anyMatch(each -> OUT_OF_SERVICE.equals(each.getKey())));
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
                throw e;
            }
            forbidden = true;
            LOG.warn("may not read nodes: zones are not known, and pods of machines that are gone wait for Kubernetes");
            return Machine.PLAIN;
        }
    }
}
