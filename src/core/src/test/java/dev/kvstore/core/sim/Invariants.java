package dev.kvstore.core.sim;

import dev.kvstore.core.data.Entry;
import dev.kvstore.core.data.EntryId;
import dev.kvstore.core.ring.Assignment;
import dev.kvstore.core.ring.Ring;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What must hold at every moment of a run: nobody applies two different entries at one place, what anybody applied or a
 * client was told of is on the synced disk of every in-sync member, and the ring changes by its rules.
 */
final class Invariants {
    private final Simulation simulation;
    /** For each partition what was applied, or acknowledged to a client, at each sequence. */
    private final Map<Integer, TreeMap<Long, Entry>> committed = new HashMap<>();

    /** The rings that any member acted on, by version. */
    private final Map<Long, Ring> followed = new HashMap<>();

    Invariants(Simulation simulation) {
        this.simulation = simulation;
    }

    void applied(String who, int partition, List<Entry> entries) {
        TreeMap<Long, Entry> known = committed.computeIfAbsent(partition, fresh -> new TreeMap<>());
        boolean news = false;
        List<Ring> all = simulation.register().written();
        long floor = all.isEmpty() ? 0 : all.getLast().partition(partition).sequenceFloor();
        for (Entry entry : entries) {
            if (entry.seq() <= floor) {
                // After an accepted loss a member starts over from what it has, which nobody else need ever have seen.
                continue;
            }
            Entry before = known.putIfAbsent(entry.seq(), entry);
            if (before != null && !before.equals(entry)) {
                throw new Violation(who + " applies " + entry + " in partition " + partition + ", where " + before
                        + " was applied before");
            }
            news |= before == null;
        }
        if (news && !all.isEmpty()) {
            check(all.getLast(), partition);
        }
    }

    /** A client was told that its write took effect as this version. */
    void acknowledged(int partition, long version) {
        List<Ring> all = simulation.register().written();
        TreeMap<Long, Entry> known = committed.get(partition);
        if ((known != null && known.containsKey(version)) || all.isEmpty()) {
            return;
        }
        Ring ring = all.getLast();
        Assignment assignment = ring.partition(partition);
        List<SimDisk> disks = assignment.inSync().stream()
                .map(name -> simulation.node(name))
                .filter(node -> ring.knows(node.name(), node.disk().storeId()))
                .map(SimNode::disk)
                .toList();
        // After the loss of all copies an answer may be under way still.
        if (assignment.lost() || version <= assignment.sequenceFloor() || disks.isEmpty()) {
            return;
        }
        Entry entry = disks.stream()
                .map(disk -> disk.synced().copy(partition).entry(version))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(() -> new Violation("partition " + partition + ": version " + version
                        + " was acknowledged, but no member that is in sync has it on disk"));
        applied("a client's member", partition, List.of(entry));
    }

    /** A member has a ring on disk, and acts on it. */
    @SuppressWarnings("ReferenceEquality") // mostly the same object: that spares the comparison of its whole content
    void ringFollowed(String who, Ring ring) {
        if (ring.member(who) == null) {
            // Whom it does not name, it has nothing to do for.
            return;
        }
        Ring known = followed.putIfAbsent(ring.version(), ring);
        if (known != null && !known.equals(ring)) {
            throw new Violation(who + " follows another ring of version " + ring.version() + " than others did");
        }
    }

    /** The register holds another ring. */
    void ringWritten(Ring ring) {
        List<Ring> all = simulation.register().written();
        if (all.size() > 1) {
            Ring before = all.get(all.size() - 2);
            if (ring.version() != before.version() + 1 && !simulation.register().wentBack()) {
                throw new Violation("ring " + ring.version() + " follows " + before.version());
            }
        }
        if (simulation.retained() && !ring.clusterId().equals(Simulation.DELETED)) {
            throw new Violation("a new cluster was made though a disk of an old one was there");
        }
        for (int i = 0; i < ring.partitions().size(); i++) {
            check(ring, i);
        }
    }

    private void check(Ring ring, int partition) {
        TreeMap<Long, Entry> known = committed.get(partition);
        EntryId newest = known == null || known.isEmpty()
                ? null
                : known.lastEntry().getValue().id();
        Assignment assignment = ring.partition(partition);
        // What was acknowledged before a loss that was accepted is gone.
        if (newest == null || assignment.lost() || newest.seq() <= assignment.sequenceFloor()) {
            return;
        }
        for (String name : assignment.inSync()) {
            SimNode node = simulation.node(name);
            boolean sameStore = ring.knows(name, node.disk().storeId());
            if (sameStore && !node.disk().synced().copy(partition).holds(newest)) {
                throw new Violation(name + " is in sync for partition " + partition + " at epoch " + assignment.epoch()
                        + " of ring " + ring.version() + " but does not have " + newest
                        + ", which is committed, on disk");
            }
        }
    }
}
