package dev.kvstore.operator.resources;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;

/** How members find each other, how clients find members, and how many members a drain may take. */
final class NodeServices {
    private NodeServices() {}

    /** Members must find each other before they are ready: it takes them all to make the first ring. */
    static Service peers(Wanted wanted) {
        return new ServiceBuilder()
                .withMetadata(
                        ObjectNames.metadata(wanted.cluster(), wanted.names().peers()))
                .withNewSpec()
                .withClusterIP("None")
                .withPublishNotReadyAddresses(true)
                .withSelector(wanted.names().selector())
                .withPorts(port(ObjectNames.HTTP, ObjectNames.HTTP_PORT), port(ObjectNames.PEER, ObjectNames.PEER_PORT))
                .endSpec()
                .build();
    }

    static Service clients(Wanted wanted) {
        return new ServiceBuilder()
                .withMetadata(
                        ObjectNames.metadata(wanted.cluster(), wanted.names().nodes()))
                .withNewSpec()
                .withType("ClusterIP")
                .withSelector(wanted.names().selector())
                .withPorts(port(ObjectNames.HTTP, ObjectNames.HTTP_PORT))
                .endSpec()
                .build();
    }

    /**
     * One at a time is not enough: a pod is ready long before its copies have caught up, and by then the next to be drained may
     * have the only ones that are in sync. So none may go until all are back.
     */
    static PodDisruptionBudget budget(Wanted wanted) {
        return new PodDisruptionBudgetBuilder()
                .withMetadata(
                        ObjectNames.metadata(wanted.cluster(), wanted.names().nodes()))
                .withNewSpec()
                .withMaxUnavailable(new IntOrString(wanted.whole() ? 1 : 0))
                .withNewSelector()
                .withMatchLabels(wanted.names().selector())
                .endSelector()
                .endSpec()
                .build();
    }

    private static ServicePort port(String name, int number) {
        return new ServicePortBuilder()
                .withName(name)
                .withProtocol("TCP")
                .withPort(number)
                .withTargetPort(new IntOrString(name))
                .build();
    }
}
