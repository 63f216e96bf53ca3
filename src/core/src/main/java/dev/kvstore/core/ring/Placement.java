package dev.kvstore.core.ring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Says which members should hold each partition: consistent hashing with virtual nodes (Karger et al. 1997) and bounded
 * loads (Mirrokni, Thorup and Zadimoghaddam 2018). A pure function of its arguments.
 *
 * <p>A partition's replicas are the first members clockwise from the partition's own point, distinct zones first, passing
 * over members that hold as many as they may. The first of them should be the primary.
 */
public final class Placement {
    /** Points that each member has on the circle. */
    public static final int TOKENS = 128;

    private static final int CAP_PERCENT = 110;

    private final int partitions;
    private final int copies;
    private final List<Node> nodes;
    private final long[] tokens;
    private final Node[] owners;
    private final int zones;
    private final int replicaCap;
    private final int primaryCap;
    private final List<List<Node>> holders = new ArrayList<>();

    private static final class Node {
        final String name;
        final String zone;
        int replicas;
        final List<Integer> primaryOf = new ArrayList<>();

        Node(String name, String zone) {
            this.name = name;
            this.zone = zone;
        }
    }

    private Placement(Map<String, String> members, int partitions, int replicationFactor) {
        this.partitions = partitions;
        this.copies = Math.min(replicationFactor, members.size());
        this.nodes = members.keySet().stream()
                .sorted()
                .map(name -> new Node(name, members.getOrDefault(name, "")))
                .toList();
        Map<Long, Node> points = new HashMap<>();
        for (Node node : nodes) {
            for (int i = 0; i < TOKENS; i++) {
                points.putIfAbsent(point(node.name + "#" + i), node);
            }
        }
        this.tokens = points.keySet().stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(tokens);
        this.owners = new Node[tokens.length];
        Arrays.setAll(owners, i -> points.get(tokens[i]));
        this.zones = (int) nodes.stream().map(node -> node.zone).distinct().count();
        this.replicaCap = cap(partitions * copies, nodes.size());
        this.primaryCap = primaryCap(partitions, nodes.size());
    }

    /**
     * Places the partitions.
     *
     * @param members names with their zones; the empty zone counts as one like any other
     * @param partitions how many there are
     * @param replicationFactor wanted copies; with fewer members each holds one
     * @return for each partition the members that should hold it, the one that should be primary first; empty lists when
     *     there are no members
     */
    public static List<List<String>> place(Map<String, String> members, int partitions, int replicationFactor) {
        return new Placement(members, partitions, replicationFactor).run();
    }

    private List<List<String>> run() {
        for (int partition = 0; partition < partitions; partition++) {
            List<Node> chosen = nodes.isEmpty() ? new ArrayList<>() : choose(partition);
            for (Node node : chosen) {
                node.replicas++;
            }
            holders.add(chosen);
        }
        for (int partition = 0; partition < partitions; partition++) {
            // One cannot be elected only if the zones and caps leave too little choice; then the least loaded takes one
            // more.
            if (!holders.get(partition).isEmpty() && !elect(partition, new HashSet<>())) {
                Node least = holders.get(partition).stream()
                        .min((a, b) -> Integer.compare(a.primaryOf.size(), b.primaryOf.size()))
                        .orElseThrow();
                least.primaryOf.add(partition);
            }
        }
        for (Node node : nodes) {
            for (int partition : node.primaryOf) {
                holders.get(partition).remove(node);
                holders.get(partition).addFirst(node);
            }
        }
        List<List<String>> result = new ArrayList<>(partitions);
        for (List<Node> chosen : holders) {
            result.add(chosen.stream().map(node -> node.name).toList());
        }
        return result;
    }

    /**
     * Makes the first holder that is below the cap the partition's primary; if none is, one of them gives another partition
     * away to make room (augmenting paths, Kuhn 1955).
     */
    private boolean elect(int partition, Set<Node> visited) {
        for (Node node : holders.get(partition)) {
            if (node.primaryOf.size() < primaryCap) {
                node.primaryOf.add(partition);
                return true;
            }
        }
        for (Node node : holders.get(partition)) {
            if (visited.add(node)) {
                for (int i = 0; i < node.primaryOf.size(); i++) {
                    int given = node.primaryOf.get(i);
                    if (elect(given, visited)) {
                        node.primaryOf.set(i, partition);
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private List<Node> choose(int partition) {
        List<Node> clockwise = clockwise(point("partition " + partition));
        List<Node> chosen = new ArrayList<>(copies);
        take(clockwise, chosen, true, true);
        take(clockwise, chosen, true, false);
        // Only the last partitions can find too few members below the cap that are distinct.
        clockwise.sort((a, b) -> Integer.compare(a.replicas, b.replicas));
        take(clockwise, chosen, false, true);
        take(clockwise, chosen, false, false);
        return chosen;
    }

    private void take(List<Node> candidates, List<Node> chosen, boolean belowCap, boolean newZoneOnly) {
        Set<String> taken = new HashSet<>();
        chosen.forEach(node -> taken.add(node.zone));
        for (Node node : candidates) {
            boolean fits = !chosen.contains(node)
                    && (!belowCap || node.replicas < replicaCap)
                    && (!newZoneOnly || taken.size() >= zones || !taken.contains(node.zone));
            if (fits && chosen.size() < copies) {
                chosen.add(node);
                taken.add(node.zone);
            }
        }
    }

    private List<Node> clockwise(long from) {
        int start = Arrays.binarySearch(tokens, from);
        if (start < 0) {
            start = -start - 1;
        }
        Set<Node> seen = new HashSet<>();
        List<Node> order = new ArrayList<>(nodes.size());
        for (int i = 0; i < tokens.length && order.size() < nodes.size(); i++) {
            Node owner = owners[(start + i) % tokens.length];
            if (seen.add(owner)) {
                order.add(owner);
            }
        }
        return order;
    }

    /** At most a tenth above the mean, where that leaves any choice at all. */
    private static int primaryCap(int total, int members) {
        boolean many = total >= 10 * members;
        return many && members > 0 ? total * CAP_PERCENT / (members * 100) : cap(total, members);
    }

    private static int cap(int total, int members) {
        return members == 0 ? 0 : (total * CAP_PERCENT + members * 100 - 1) / (members * 100);
    }

    /** FNV-1a of the text, then the finalizer of SplitMix64, since FNV alone spreads similar names badly. */
    private static long point(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
        return hash ^ (hash >>> 31);
    }
}
