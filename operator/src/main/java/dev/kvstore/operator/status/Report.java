package dev.kvstore.operator.status;

import dev.kvstore.operator.api.KVClusterStatus;
import dev.kvstore.operator.api.KVClusterStatus.PartitionCounts;
import dev.kvstore.operator.observed.Node;
import dev.kvstore.operator.observed.Observed;
import dev.kvstore.operator.observed.Ring;
import dev.kvstore.operator.status.Situation.Remark;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Writes a cluster's status from its situation. */
public final class Report {
    static final String READY = "Ready";
    static final String PROGRESSING = "Progressing";
    static final String DEGRADED = "Degraded";
    static final String DATA_LOST = "DataLost";

    /** The ring could not be read: it is not there yet, or no longer. */
    static final String NO_RING = "NoRing";

    private static final String CREATING = "Creating";
    private static final String UPDATING = "Updating";
    private static final String RESTORING = "RestoringRing";

    private final Situation situation;
    private final Observed observed;
    private final Optional<Ring> ring;
    private final boolean hadRing;
    private final int wanted;
    private final int back;

    private Report(Situation situation, @Nullable KVClusterStatus before) {
        this.situation = situation;
        this.observed = situation.observed();
        this.ring = observed.ring();
        this.hadRing = before != null && before.ringVersion() != null;
        this.wanted = observed.spec().replicas();
        this.back = (int)
                observed.members().stream().filter(each -> each.back(ring)).count();
    }

    /**
     * The status of now.
     *
     * @param before the status of before; conditions that stay as they were keep the time since when they are so
     */
    public static KVClusterStatus of(Situation situation, @Nullable KVClusterStatus before, Instant now) {
        return new Report(situation, before).write(before, now);
    }

    private KVClusterStatus write(@Nullable KVClusterStatus before, Instant now) {
        Conditions conditions = new Conditions(
                before == null ? List.of() : before.conditions(),
                observed.cluster().getMetadata().getGeneration(),
                now);
        List<Condition> all =
                List.of(ready(conditions), progressing(conditions), degraded(conditions), lost(conditions));
        return new KVClusterStatus(
                observed.cluster().getMetadata().getGeneration(),
                phase(all),
                all,
                observed.nodes().size(),
                back,
                back + "/" + wanted,
                selector(),
                observed.leader(),
                // without a ring the last one is remembered, so that an older one is not taken for it
                ring.map(Ring::clusterId).orElse(before == null ? null : before.clusterId()),
                ring.map(Ring::version).orElse(before == null ? null : before.ringVersion()),
                counts(),
                toMove(),
                situation.refusal().isEmpty()
                        ? FollowedSpec.write(observed.spec())
                        : before == null ? null : before.followedSpec());
    }

    private Condition ready(Conditions conditions) {
        if (ring.isEmpty()) {
            return conditions.no(
                    READY,
                    NO_RING,
                    back()
                            + "; there is no ring that can be read, or only an older one: the nodes write it when all of them are there");
        }
        if (!ring.get().lost().isEmpty()) {
            return conditions.no(READY, "PartitionsLost", "some partitions have no copy left; see DataLost");
        }
        int withoutPrimary = withoutPrimary();
        if (withoutPrimary > 0) {
            return conditions.no(
                    READY,
                    "PartitionsWithoutPrimary",
                    withoutPrimary + " partitions have no primary that is there; " + back());
        }
        return observed.allBack()
                ? conditions.yes(READY, "Serving", "all members are ready and every partition is served")
                : conditions.no(READY, "MembersNotReady", back());
    }

    private String back() {
        return back + " of " + wanted + " members are ready and in the ring";
    }

    private Condition progressing(Conditions conditions) {
        if (situation.refusal().isPresent()) {
            Remark refusal = situation.refusal().get();
            return conditions.no(PROGRESSING, refusal.reason(), refusal.message());
        }
        if (ring.isEmpty() && hadRing) {
            return conditions.yes(
                    PROGRESSING,
                    RESTORING,
                    trouble().map(Remark::message).orElse("the members write their newest ring back; " + back()));
        }
        if (ring.isEmpty() || isCreating(conditions)) {
            return conditions.yes(
                    PROGRESSING, CREATING, trouble().map(Remark::message).orElse(back()));
        }
        if (present() > wanted) {
            return conditions.yes(
                    PROGRESSING,
                    "ScalingDown",
                    toMove() + " partitions still have to leave " + surplus() + ", or to reach the members that stay");
        }
        List<String> missing = IntStream.range(0, wanted)
                .mapToObj(observed.names()::member)
                .filter(each -> !ring.get().names(each))
                .toList();
        if (!missing.isEmpty()) {
            return conditions.yes(
                    PROGRESSING,
                    "ScalingUp",
                    String.join(", ", missing) + " still has to join the ring"
                            + trouble().map(each -> "; " + each.message()).orElse(""));
        }
        Optional<Remark> update = situation.update();
        if (update.isPresent()) {
            return update.get().reason().equals(Situation.PAUSED)
                    ? conditions.no(PROGRESSING, Situation.PAUSED, update.get().message())
                    : conditions.yes(PROGRESSING, UPDATING, update.get().message());
        }
        if (conditions.had(PROGRESSING, UPDATING) && !isWell()) {
            return conditions.yes(PROGRESSING, UPDATING, "the last pod was replaced; " + back());
        }
        if (toMove() > 0) {
            return conditions.yes(
                    PROGRESSING,
                    "CopyingPartitions",
                    toMove() + " partitions have a copy to make or to give up, or a primary to hand over");
        }
        return conditions.no(PROGRESSING, "UpToDate", "everything is as it was ordered");
    }

    /** From the beginning until all is well for the first time. */
    private boolean isCreating(Conditions conditions) {
        return conditions.had(PROGRESSING, CREATING) && !isWell();
    }

    private boolean isWell() {
        return observed.allBack() && observed.fullyInSync();
    }

    /** Pods that are there or shall be. */
    private int present() {
        int highest = observed.nodes().stream()
                .mapToInt(each -> observed.names().ordinalOfMember(each.name()).orElseThrow())
                .max()
                .orElse(-1);
        return Math.max(observed.pods().orElse(wanted), highest + 1);
    }

    private String surplus() {
        return IntStream.range(wanted, present())
                .mapToObj(observed.names()::member)
                .collect(Collectors.joining(", "));
    }

    private Condition degraded(Conditions conditions) {
        Optional<Remark> trouble = trouble();
        if (trouble.isPresent()) {
            return conditions.yes(
                    DEGRADED, trouble.get().reason(), trouble.get().message());
        }
        if (ring.isEmpty() && hadRing) {
            return conditions.yes(
                    DEGRADED, NO_RING, "the ring is gone that was there; members go on by what they have of it");
        }
        if (ring.isEmpty() || isCreating(conditions)) {
            return conditions.no(
                    DEGRADED,
                    NO_RING,
                    ring.isEmpty() ? "without a ring nobody knows of copies" : "the first copies are being made");
        }
        if (!observed.fullyInSync()) {
            PartitionCounts counts = Objects.requireNonNull(counts());
            return conditions.yes(
                    DEGRADED,
                    "CopiesMissing",
                    counts.total() - counts.fullyInSync() + " of " + counts.total()
                            + " partitions do not have all their copies in sync; " + back());
        }
        if (!observed.allBack()) {
            return conditions.yes(DEGRADED, "MembersAway", back());
        }
        return conditions.no(DEGRADED, "Healthy", "no copy is missing");
    }

    private Condition lost(Conditions conditions) {
        Map<Integer, Long> lost = ring.map(Ring::lost).orElseGet(TreeMap::new);
        Optional<Remark> refusal = situation.lossRefusal();
        if (lost.isEmpty()) {
            return refusal.map(each -> conditions.no(DATA_LOST, each.reason(), each.message()))
                    .orElseGet(() -> conditions.no(DATA_LOST, "NothingLost", "every partition has a copy in sync"));
        }
        String numbers = lost.keySet().stream().map(String::valueOf).collect(Collectors.joining(","));
        String way = "the last copy in sync of partitions " + numbers
                + " is gone; start members that are away, whose older copies are better than none, then give up what"
                + " is missing: kubectl annotate kvcluster " + observed.names().cluster()
                + " kvstore.dev/accept-data-loss=" + numbers;
        return refusal.map(each -> conditions.yes(DATA_LOST, each.reason(), each.message()))
                .orElseGet(() -> conditions.yes(DATA_LOST, "PartitionsLost", way));
    }

    /** In one word what matters most. */
    private String phase(List<Condition> conditions) {
        if (situation.refusal().isPresent()) {
            return "Invalid";
        }
        if (ring.isPresent() && !ring.get().lost().isEmpty()) {
            return "DataLost";
        }
        Condition progressing = conditions.get(1);
        if (!Conditions.holds(progressing)) {
            return Conditions.holds(conditions.get(2)) ? "Degraded" : "Running";
        }
        return switch (progressing.getReason()) {
            case "ScalingUp", "ScalingDown" -> "Scaling";
            // copies that a member lacks which is away wait for it
            case "CopyingPartitions" -> observed.allBack() ? "Rebalancing" : "Degraded";
            case RESTORING -> "Degraded";
            default -> progressing.getReason();
        };
    }

    private Optional<Remark> trouble() {
        return observed.nodes().stream()
                .flatMap(each -> each.trouble().stream())
                .findFirst()
                .map(each -> new Remark(each.reason(), each.message()));
    }

    private @Nullable PartitionCounts counts() {
        return ring.map(each -> new PartitionCounts(
                        each.partitions().size(),
                        each.fullyInSync(observed.spec().replicationFactor()),
                        withoutPrimary(),
                        each.lost().size()))
                .orElse(null);
    }

    /** A pod that is stopping serves until it has handed its partitions over. */
    private int withoutPrimary() {
        Map<String, String> serving =
                observed.nodes().stream().filter(Node::ready).collect(Collectors.toMap(Node::name, Node::uid));
        return ring.map(each -> each.count(partition -> partition.lost()
                        || partition.primary() == null
                        || !Objects.equals(
                                serving.get(partition.primary()),
                                each.instance(partition.primary()).orElse(null))
                        || !serving.containsKey(partition.primary())))
                .orElse(0);
    }

    private int toMove() {
        Set<String> members =
                IntStream.range(0, wanted).mapToObj(observed.names()::member).collect(Collectors.toSet());
        int copies = observed.allBack() ? observed.spec().replicationFactor() : 0;
        return ring.map(each -> each.toMove(members, copies)).orElse(0);
    }

    private String selector() {
        return new TreeMap<>(observed.names().selector())
                .entrySet().stream()
                        .map(each -> each.getKey() + "=" + each.getValue())
                        .collect(Collectors.joining(","));
    }
}
