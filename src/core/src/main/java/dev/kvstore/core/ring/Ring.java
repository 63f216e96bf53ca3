package dev.kvstore.core.ring;

import dev.kvstore.core.data.Bytes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The versioned document that says who the members are and where each partition lives. It changes by compare-and-set alone
 * (the configuration manager of PacificA, Lin et al. 2008).
 *
 * @param clusterId drawn with the first ring; never changes
 * @param version exactly one more at every change
 * @param members sorted by name
 * @param partitions one each, by number
 */
public record Ring(String clusterId, long version, List<Member> members, List<Assignment> partitions) {
    public Ring {
        members = members.stream().sorted(Comparator.comparing(Member::name)).toList();
        partitions = List.copyOf(partitions);
    }

    /** The member of this name, or null. */
    public @Nullable Member member(String name) {
        for (Member member : members) {
            if (member.name().equals(name)) {
                return member;
            }
        }
        return null;
    }

    /** Whether the member of this name has this store id. */
    public boolean knows(String name, String storeId) {
        Member member = member(name);
        return member != null && member.storeId().equals(storeId);
    }

    /** The assignment of a partition. */
    public Assignment partition(int number) {
        return partitions.get(number);
    }

    /** The number of the partition that a key belongs to. */
    public int partitionOf(Bytes key) {
        return Slots.partitionOf(key, partitions.size());
    }

    /** How many partitions the member is primary of. */
    public int primariesOf(String name) {
        return (int)
                partitions.stream().filter(each -> each.primary().equals(name)).count();
    }

    /** A hash of the whole content that is the same in every process, whatever it runs on. */
    public int contentHash() {
        int hash = 31 * clusterId.hashCode() + Long.hashCode(version);
        for (Member each : members) {
            hash = 31 * hash + each.name().hashCode();
            hash = 31 * hash + each.storeId().hashCode();
            hash = 31 * hash + Long.hashCode(each.boot());
            hash = 31 * hash + each.instance().hashCode();
        }
        for (Assignment each : partitions) {
            hash = 31 * hash + Long.hashCode(each.epoch());
            hash = 31 * hash + each.primary().hashCode();
            hash = 31 * hash + Long.hashCode(each.since());
            hash = 31 * hash + each.inSync().hashCode();
            hash = 31 * hash + each.replicas().hashCode();
            hash = 31 * hash + each.losses() * 2 + (each.lost() ? 1 : 0);
        }
        return hash;
    }

    /** The same with other members. */
    public Ring withMembers(List<Member> others) {
        return new Ring(clusterId, version, others, partitions);
    }

    /** The same with one member put in the place of that of the same name, or added. */
    public Ring withMember(Member member) {
        List<Member> others = new ArrayList<>(members);
        others.removeIf(each -> each.name().equals(member.name()));
        others.add(member);
        return withMembers(others);
    }

    /** The same with other assignments. */
    public Ring withPartitions(List<Assignment> others) {
        return new Ring(clusterId, version, members, others);
    }

    /** The same under another version. */
    public Ring withVersion(long other) {
        return new Ring(clusterId, other, members, partitions);
    }
}
