package dev.kvstore.operator.observed;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The nodes' ring, as far as the operator needs it. It is only read here, so what is not known is passed over.
 *
 * @param clusterId which cluster the ring is of
 * @param version one more at every change
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Ring(@Nullable String clusterId, long version, List<Member> members, List<Partition> partitions) {
    private static final JsonMapper MAPPER = new JsonMapper();

    public Ring {
        members = members == null ? List.of() : List.copyOf(members);
        partitions = partitions == null ? List.of() : List.copyOf(partitions);
    }

    /**
     * A member.
     *
     * @param instance the UID of the pod whose process wrote itself into the ring
     * @param leaving whether its copies are being moved away
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Member(String name, @Nullable String instance, boolean leaving) {}

    /**
     * A partition.
     *
     * @param replicas members that shall have a copy
     * @param inSync members that have every acknowledged write
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Partition(
            long epoch, @Nullable String primary, List<String> inSync, List<String> replicas, boolean lost) {
        public Partition {
            inSync = inSync == null ? List.of() : List.copyOf(inSync);
            replicas = replicas == null ? List.of() : List.copyOf(replicas);
        }

        /** The first of those that shall have a copy is to be the primary. */
        boolean isToBeHandedOver() {
            return !replicas.isEmpty() && !replicas.getFirst().equals(primary) && inSync.contains(replicas.getFirst());
        }

        boolean names(String member) {
            return member.equals(primary) || inSync.contains(member) || replicas.contains(member);
        }
    }

    /** Reads the nodes' document; empty when there is none, or none that can be read. */
    public static Optional<Ring> read(@Nullable String json) {
        if (json == null || json.isBlank()) {
            return Optional.empty();
        }
        try {
            Ring ring = MAPPER.readValue(json, Ring.class);
            return ring.version() < 1 || ring.partitions().isEmpty() ? Optional.empty() : Optional.of(ring);
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    /** The pod UID that the ring knows a member under. */
    public Optional<String> instance(String member) {
        return members.stream()
                .filter(each -> each.name().equals(member))
                .findFirst()
                .map(Member::instance);
    }

    /** Whether a member stands anywhere in the ring. */
    public boolean names(String member) {
        return members.stream().anyMatch(each -> each.name().equals(member))
                || partitions.stream().anyMatch(each -> each.names(member));
    }

    /** The greatest number of a member that the ring names. */
    public OptionalInt highest(Function<String, OptionalInt> ordinalOf) {
        return Stream.concat(
                        members.stream().map(Member::name),
                        partitions.stream()
                                .flatMap(each -> Stream.concat(each.inSync().stream(), each.replicas().stream())))
                .distinct()
                .map(ordinalOf)
                .filter(OptionalInt::isPresent)
                .mapToInt(OptionalInt::getAsInt)
                .max();
    }

    /** Whether a partition has its full number of copies. */
    public boolean fullyInSync(Partition partition, int replicationFactor) {
        return !partition.lost()
                && partition.inSync().size() >= copies(replicationFactor)
                && partition.inSync().containsAll(partition.replicas());
    }

    /** The lesser of what is wanted and of the members that stay. */
    private long copies(int replicationFactor) {
        long staying = members.stream().filter(each -> !each.leaving()).count();
        return Math.min(replicationFactor, staying);
    }

    /** How many partitions are fully in sync. */
    public int fullyInSync(int replicationFactor) {
        return count(each -> fullyInSync(each, replicationFactor));
    }

    /** How many partitions hold a condition. */
    public int count(Predicate<Partition> condition) {
        return (int) partitions.stream().filter(condition).count();
    }

    /** The partitions whose last copy in sync is gone, each with the epoch at which that was found. */
    public SortedMap<Integer, Long> lost() {
        SortedMap<Integer, Long> lost = new TreeMap<>();
        for (int number = 0; number < partitions.size(); number++) {
            if (partitions.get(number).lost()) {
                lost.put(number, partitions.get(number).epoch());
            }
        }
        return lost;
    }

    /**
     * Partitions that are on the move, or whose turn has yet to come: a member that is to go has a copy, there are to be more
     * copies, a new copy has not caught up, one is to be given up, or the primary is to be handed over. Of those that only are to
     * reach other members the ring tells the ones that have begun: the leader begins a few moves at a time and the next ones
     * together with the end of these, so this is zero only when none is left.
     *
     * @param wanted the members that there shall be
     * @param replicationFactor how many copies there are to be; 0 when members are away, and more copies cannot be made
     */
    public int toMove(Set<String> wanted, int replicationFactor) {
        return count(each -> !each.inSync().containsAll(each.replicas())
                || each.inSync().size() > each.replicas().size()
                || each.replicas().size() < copies(replicationFactor)
                || each.isToBeHandedOver()
                || !wanted.containsAll(each.inSync())
                || !wanted.containsAll(each.replicas()));
    }
}
