package dev.kvstore.operator.reconciler;

import dev.kvstore.operator.observed.Node;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.List;

/** Something to do in Kubernetes. */
public sealed interface Action {
    /** Make an object be as it should; nothing is written when it is. */
    record Apply(HasMetadata object) implements Action {}

    /** Delete a pod, so that its StatefulSet makes one of the present template. */
    record Restart(Node node, String why) implements Action {}

    /** Remove the pod of a machine that is gone, which will never confirm that it has stopped. */
    record Forget(Node node) implements Action {}

    /** Delete the claim of a member that was removed. */
    record DeleteClaim(PersistentVolumeClaim claim) implements Action {}

    /** Ask for a larger volume. */
    record GrowClaim(PersistentVolumeClaim claim, Quantity size) implements Action {}

    /** Delete a StatefulSet without its pods and make it anew around them, so that they need not restart. */
    record RemakeSet(StatefulSet set, StatefulSet anew) implements Action {}

    /** Take an order to give up what partitions held off the cluster: it was carried out. */
    record RemoveAnnotation(String name, List<Integer> partitions) implements Action {}
}
