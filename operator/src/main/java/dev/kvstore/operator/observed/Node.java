package dev.kvstore.operator.observed;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One pod of a cluster. */
public record Node(Pod pod) {
    private static final String REVISION = "controller-revision-hash";

    /** Reasons of waiting that are no part of an ordinary start. */
    private static final Set<String> TROUBLE = Set.of(
            "ImagePullBackOff",
            "ErrImagePull",
            "InvalidImageName",
            "ErrImageNeverPull",
            "CrashLoopBackOff",
            "CreateContainerConfigError",
            "CreateContainerError",
            "RunContainerError");

    public String name() {
        return pod.getMetadata().getName();
    }

    public String uid() {
        return pod.getMetadata().getUid();
    }

    /** The machine that it runs on, once it was scheduled. */
    public Optional<String> machine() {
        return Optional.ofNullable(pod.getSpec()).map(spec -> spec.getNodeName());
    }

    /** Where it is reached, once it has started. */
    public Optional<String> address() {
        return Optional.ofNullable(pod.getStatus()).map(status -> status.getPodIP());
    }

    public boolean terminating() {
        return pod.getMetadata().getDeletionTimestamp() != null;
    }

    /** Until when it has time to stop; empty when nobody has told it to. */
    public Optional<Instant> stopsUntil() {
        return Optional.ofNullable(pod.getMetadata().getDeletionTimestamp()).map(Instant::parse);
    }

    /** Whether a StatefulSet looks after it, be that still there or not. */
    public boolean controlled() {
        return pod.getMetadata().getOwnerReferences().stream()
                .anyMatch(each -> Boolean.TRUE.equals(each.getController()));
    }

    public boolean ready() {
        return condition("Ready").map(each -> "True".equals(each.getStatus())).orElse(false);
    }

    /** Whether its program runs, ready or not. */
    public boolean running() {
        return container()
                .map(ContainerStatus::getState)
                .map(ContainerState::getRunning)
                .isPresent();
    }

    /** Whether it was made from another template than the present one. */
    boolean isOfOtherTemplate(String revision) {
        return pod.getMetadata().getLabels() != null
                && !revision.equals(pod.getMetadata().getLabels().get(REVISION));
    }

    /** Whether it was made before this moment; what has no time of its own was not. */
    boolean isOlderThan(Instant moment) {
        return Optional.ofNullable(pod.getMetadata().getCreationTimestamp())
                .map(Instant::parse)
                .map(made -> made.isBefore(moment))
                .orElse(false);
    }

    /** Whether it is ready and the ring knows this very pod, not one of the same name before it. */
    public boolean back(Optional<Ring> ring) {
        return ready()
                && !terminating()
                && ring.flatMap(each -> each.instance(name()))
                        .map(uid()::equals)
                        .orElse(false);
    }

    /** Why it does not start, in words, and what to do; empty when nothing is known to be wrong. */
    public Optional<Trouble> trouble() {
        if (terminating() || ready()) {
            return Optional.empty();
        }
        return container()
                .map(ContainerStatus::getState)
                .map(ContainerState::getWaiting)
                .filter(waiting -> TROUBLE.contains(waiting.getReason()))
                .map(this::waiting)
                .or(() -> condition("PodScheduled")
                        .filter(each -> "False".equals(each.getStatus()))
                        .map(each -> new Trouble(
                                "PodUnschedulable",
                                name() + " finds no machine: " + each.getMessage()
                                        + "; check requests, node selector, tolerations and the storage class")));
    }

    private Trouble waiting(ContainerStateWaiting waiting) {
        String detail = waiting.getMessage() == null ? "" : ": " + waiting.getMessage();
        boolean image = waiting.getReason().contains("Image");
        return new Trouble(
                image ? "ImageNotAvailable" : waiting.getReason(),
                name() + " waits (" + waiting.getReason() + detail + "); "
                        + (image
                                ? "set spec.image to an image that can be pulled"
                                : "see kubectl logs " + name() + " --previous"));
    }

    private Optional<ContainerStatus> container() {
        return Optional.ofNullable(pod.getStatus())
                .flatMap(status -> status.getContainerStatuses().stream().findFirst());
    }

    private Optional<PodCondition> condition(String type) {
        List<PodCondition> conditions =
                pod.getStatus() == null ? List.of() : pod.getStatus().getConditions();
        return conditions.stream().filter(each -> type.equals(each.getType())).findFirst();
    }

    /** What keeps a pod from starting: a word for machines, a sentence for people. */
    public record Trouble(String reason, String message) {}
}
