package dev.kvstore.operator.resources;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.List;

/** All objects of a cluster, in the order in which they are needed: rights and documents before pods that use them. */
public final class ClusterObjects {
    private ClusterObjects() {}

    /**
     * The objects as they should be.
     *
     * @param budgetServed whether the API serves disruption budgets of the version that is used here
     */
    public static List<HasMetadata> of(Wanted wanted, boolean budgetServed) {
        List<HasMetadata> objects = new ArrayList<>(List.of(
                NodeRights.account(wanted),
                NodeRights.role(wanted),
                NodeRights.binding(wanted),
                Documents.config(wanted),
                Documents.ring(wanted),
                Documents.lease(wanted),
                NodeServices.peers(wanted),
                NodeServices.clients(wanted)));
        if (budgetServed) {
            objects.add(NodeServices.budget(wanted));
        }
        objects.add(NodeSet.of(wanted));
        return objects;
    }
}
