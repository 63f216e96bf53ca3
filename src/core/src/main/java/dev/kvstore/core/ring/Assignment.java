package dev.kvstore.core.ring;

import java.util.ArrayList;
import java.util.List;

/**
 * Where one partition lives.
 *
 * @param epoch configuration number; grows by one when the primary or the in-sync members change, or a join is refused
 * @param primary the member that orders the partition's writes, always in sync
 * @param since version of the ring that made this member the primary
 * @param inSync members that hold every write that was ever acknowledged, sorted by name, the primary among them
 * @param replicas members that should hold a copy; the first should be the primary
 * @param lost whether the last in-sync copy is gone and nobody has accepted that yet
 * @param losses how often the loss of the last copy was accepted; each moves the sequence on by 2^32
 */
public record Assignment(
        long epoch, String primary, long since, List<String> inSync, List<String> replicas, boolean lost, int losses) {
    /** By how much an accepted loss moves the sequence on, so that no old version number can match. */
    public static final long LOSS_STEP = 1L << 32;

    public Assignment {
        inSync = inSync.stream().sorted().toList();
        replicas = List.copyOf(replicas);
    }

    /** Whether the member is in sync. */
    public boolean isInSync(String member) {
        return inSync.contains(member);
    }

    /** Whether the member holds or should hold a copy. */
    public boolean concerns(String member) {
        return inSync.contains(member) || replicas.contains(member);
    }

    /** The members that should hold a copy but are not in sync. */
    public List<String> learners() {
        List<String> learners = new ArrayList<>(replicas);
        learners.removeAll(inSync);
        return learners;
    }

    /** Whether every member that should hold a copy is in sync. */
    public boolean complete() {
        return !lost && inSync.containsAll(replicas);
    }

    /** No sequence at or below this one may be used. */
    public long sequenceFloor() {
        return losses * LOSS_STEP;
    }

    /** The same with other in-sync members, at the next epoch. */
    public Assignment withInSync(List<String> members) {
        return new Assignment(epoch + 1, primary, since, members, replicas, lost, losses);
    }

    /** The same with another primary that reigns since the given version, at the next epoch. */
    public Assignment withPrimary(String member, long version) {
        return new Assignment(epoch + 1, member, version, inSync, replicas, lost, losses);
    }

    /** The same at the next epoch: a join is refused. */
    public Assignment withJoinRefused() {
        return new Assignment(epoch + 1, primary, since, inSync, replicas, lost, losses);
    }

    /** The same with other target replicas. */
    public Assignment withReplicas(List<String> members) {
        return new Assignment(epoch, primary, since, inSync, members, lost, losses);
    }

    /** The same, marked lost. */
    public Assignment withLost() {
        return new Assignment(epoch, primary, since, inSync, replicas, true, losses);
    }

    /** The same after a human accepted the loss: one member starts over from whatever copy it has. */
    public Assignment withLossAccepted(String member, long version) {
        return new Assignment(epoch + 1, member, version, List.of(member), replicas, false, losses + 1);
    }
}
