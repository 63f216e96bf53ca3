package dev.kvstore.operator.reconciler;

import dev.kvstore.operator.api.StorageSpec.VolumePolicy;
import dev.kvstore.operator.observed.Node;
import dev.kvstore.operator.observed.Observed;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What is to be done to volume claims. */
final class VolumeOrder {
    private VolumeOrder() {}

    /** What claims are made from, if they are made already. */
    static Optional<PersistentVolumeClaim> template(Observed observed) {
        return Optional.ofNullable(observed.set())
                .flatMap(set -> set.getSpec().getVolumeClaimTemplates().stream().findFirst());
    }

    /** The size that a claim asks for. */
    static Quantity size(PersistentVolumeClaim claim) {
        return Objects.requireNonNull(
                claim.getSpec().getResources().getRequests().get("storage"), "a claim asks for a size");
    }

    /**
     * Claims of members that were removed. One goes only when its member is neither wanted nor in the ring, and no pod uses
     * it: a member that the ring still names may have the last copy of something.
     */
    static List<Action> surplus(Observed observed, int pods) {
        if (observed.spec().storage().whenScaled() == VolumePolicy.Retain
                || observed.ring().isEmpty()) {
            return List.of();
        }
        Set<String> running = observed.nodes().stream().map(Node::name).collect(Collectors.toSet());
        List<Action> actions = new ArrayList<>();
        for (PersistentVolumeClaim claim : observed.claims()) {
            int ordinal = observed.names()
                    .ordinalOfClaim(claim.getMetadata().getName())
                    .orElseThrow();
            String member = observed.names().member(ordinal);
            boolean needed = ordinal < pods
                    || running.contains(member)
                    || observed.ring().get().names(member);
            if (!needed && claim.getMetadata().getDeletionTimestamp() == null) {
                actions.add(new Action.DeleteClaim(claim));
            }
        }
        return actions;
    }

    /**
     * A StatefulSet's claim templates cannot be changed: the claims are grown one by one, then the StatefulSet is removed
     * without its pods and made anew around them.
     *
     * @param desired the StatefulSet as it should be, but for the size of claims that are made
     */
    static List<Action> growth(Observed observed, StatefulSet desired) {
        if (template(observed).isEmpty()) {
            return List.of();
        }
        Quantity wanted = new Quantity(observed.spec().storage().size());
        List<Action> actions = new ArrayList<>();
        for (PersistentVolumeClaim claim : observed.claims()) {
            if (size(claim).getNumericalAmount().compareTo(wanted.getNumericalAmount()) < 0) {
                actions.add(new Action.GrowClaim(claim, wanted));
            }
        }
        template(observed)
                .filter(each -> size(each).getNumericalAmount().compareTo(wanted.getNumericalAmount()) < 0)
                .ifPresent(each -> actions.add(new Action.RemakeSet(
                        Objects.requireNonNull(observed.set()), withClaims(desired, grown(each, wanted)))));
        return actions;
    }

    private static PersistentVolumeClaim grown(PersistentVolumeClaim template, Quantity size) {
        return new PersistentVolumeClaimBuilder(template)
                .editSpec()
                .editResources()
                .addToRequests("storage", size)
                .endResources()
                .endSpec()
                .build();
    }

    private static StatefulSet withClaims(StatefulSet desired, PersistentVolumeClaim template) {
        return new StatefulSetBuilder(desired)
                .editSpec()
                .withVolumeClaimTemplates(template)
                .endSpec()
                .build();
    }
}
