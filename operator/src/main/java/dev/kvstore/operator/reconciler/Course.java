package dev.kvstore.operator.reconciler;

import dev.kvstore.operator.api.KVClusterSpec;
import dev.kvstore.operator.observed.Machine;
import dev.kvstore.operator.observed.Node;
import dev.kvstore.operator.observed.Observed;
import dev.kvstore.operator.resources.ClusterObjects;
import dev.kvstore.operator.resources.RenderedPods;
import dev.kvstore.operator.resources.Wanted;
import dev.kvstore.operator.status.FollowedSpec;
import dev.kvstore.operator.status.Situation;
import dev.kvstore.operator.status.Situation.Remark;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one pass does about a cluster, and what it says about it. An order that is refused is not followed in anything: the
 * cluster is kept as the newest one wants it that could be followed; where that is not known, what runs stays as it is.
 */
record Course(List<Action> actions, Situation situation) {
    /**
     * The course for an order, or while it is refused for the one before it.
     *
     * @param refusal why the cluster's present order is not followed, if it is not
     */
    static Course of(
            Observed ordered, Optional<Remark> refusal, String defaultImage, boolean budgetServed, Instant now) {
        Optional<KVClusterSpec> before =
                refusal.flatMap(_ -> FollowedSpec.of(ordered.cluster().getStatus()));
        Observed observed = before.map(ordered::under).orElse(ordered);
        int pods = ScaleOrder.pods(observed);
        LossOrder loss = LossOrder.of(observed);
        RestartOrder restart = RestartOrder.of(observed);
        Optional<Remark> former = FormerPods.inTheWay(observed, now);
        // first, so that it happens also while something else is rejected
        List<Action> actions = new ArrayList<>(forgotten(observed));
        if (refusal.isEmpty() || before.isPresent()) {
            Wanted wanted = new Wanted(
                    observed.cluster(),
                    members(observed),
                    loss.accepted(),
                    pods,
                    observed.allBack() && observed.fullyInSync(),
                    RenderedPods.keepOrRender(observed.cluster(), observed.set(), defaultImage),
                    claims(observed));
            for (HasMetadata object : ClusterObjects.of(wanted, budgetServed)) {
                if (!(object instanceof StatefulSet set)) {
                    actions.add(new Action.Apply(object));
                } else if (former.isEmpty()) {
                    actions.add(new Action.Apply(set));
                    actions.addAll(VolumeOrder.growth(observed, set));
                }
            }
            actions.addAll(VolumeOrder.surplus(observed, pods));
            if (loss.done()) {
                actions.add(new Action.RemoveAnnotation(
                        LossOrder.ANNOTATION, List.copyOf(loss.accepted().keySet())));
            }
            if (restart instanceof RestartOrder.Next next) {
                actions.add(new Action.Restart(next.node(), next.why()));
            }
        }
        return new Course(
                List.copyOf(actions),
                new Situation(observed, pods, refusal, loss.refusal(), former.or(restart::remark)));
    }

    /** A pod that cannot be asked for its zone at the moment keeps the one that it had. */
    private static SortedMap<String, String> members(Observed observed) {
        Map<String, String> before =
                observed.config().map(config -> config.members()).orElse(Map.of());
        SortedMap<String, String> members = new TreeMap<>();
        for (int ordinal = 0; ordinal < observed.spec().replicas(); ordinal++) {
            String member = observed.names().member(ordinal);
            members.put(
                    member,
                    observed.nodes().stream()
                            .filter(each -> each.name().equals(member))
                            .findFirst()
                            .flatMap(Node::machine)
                            .map(observed.machines()::get)
                            .map(Machine::zone)
                            .filter(zone -> !zone.isEmpty())
                            .orElseGet(() -> before.getOrDefault(member, "")));
        }
        return members;
    }

    private static List<PersistentVolumeClaim> claims(Observed observed) {
        return observed.set() == null ? List.of() : observed.set().getSpec().getVolumeClaimTemplates();
    }

    /** Pods of machines on which nothing runs any more. From any other machine a pod is not forced away. */
    private static List<Action> forgotten(Observed observed) {
        List<Action> actions = new ArrayList<>();
        for (Node node : observed.nodes()) {
            if (node.machine().map(observed.machines()::get).map(Machine::gone).orElse(false)) {
                actions.add(new Action.Forget(node));
            }
        }
        return actions;
    }
}
