package dev.kvstore.cli.client;

import dev.kvstore.cli.model.ClusterStatus;
import dev.kvstore.cli.model.NodeAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Remembers which nodes belong together, in a small file: one line a cluster, {@code id when-ms host:port host:port ...}.
 * A node that is away is replaced only by nodes of the same cluster, else a write could go to another one. It is a cache:
 * what cannot be read is forgotten, what cannot be written is learned again.
 */
public final class LearnedNodes {
    private static final int MAX_CLUSTERS = 16;
    private static final int MAX_NODES_PER_CLUSTER = 64;
    private static final long FRESH_MS = 300_000;

    private final Path file;

    /** Kept in this file, which need not exist. */
    public LearnedNodes(Path file) {
        this.file = file;
    }

    /** The nodes known to be of a cluster with any of these. */
    List<NodeAddress> together(List<NodeAddress> nodes) {
        return read().stream()
                .filter(line -> line.nodes.stream().anyMatch(nodes::contains))
                .flatMap(line -> line.nodes.stream())
                .distinct()
                .toList();
    }

    /** Whether it is time to ask this node for the others. */
    boolean isStale(NodeAddress node, long nowMs) {
        return read().stream().noneMatch(line -> line.nodes.contains(node) && Math.abs(nowMs - line.whenMs) < FRESH_MS);
    }

    /** Remembers the members of the cluster that {@code answering} told of. */
    void learn(NodeAddress answering, ClusterStatus status, long nowMs) {
        // under the address that was asked too: it may differ from the one that the member has among its peers
        Set<NodeAddress> nodes = new LinkedHashSet<>(List.of(answering));
        status.members().forEach(member -> address(member.address()).ifPresent(nodes::add));
        String id = status.cluster().isBlank() ? "?" : status.cluster().replaceAll("\\s", "_");
        List<Line> lines = new ArrayList<>();
        lines.add(
                new Line(id, nowMs, nodes.stream().limit(MAX_NODES_PER_CLUSTER).toList()));
        read().stream()
                .filter(line -> !line.id.equals(id) && line.nodes.stream().noneMatch(nodes::contains))
                .limit(MAX_CLUSTERS - 1L)
                .forEach(lines::add);
        write(lines);
    }

    private List<Line> read() {
        try {
            return Files.readAllLines(file).stream()
                    .limit(MAX_CLUSTERS)
                    .map(Line::parse)
                    .flatMap(Optional::stream)
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private void write(List<Line> lines) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Path next = Files.createTempFile(file.toAbsolutePath().getParent(), "nodes", ".tmp");
            Files.write(next, lines.stream().map(Line::toString).toList());
            Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // a folder that only others may write to: commands work without the cache
            return;
        }
    }

    private static Optional<NodeAddress> address(String text) {
        try {
            return Optional.of(NodeAddress.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private record Line(String id, long whenMs, List<NodeAddress> nodes) {
        private static final int FIRST_NODE = 2;

        static Optional<Line> parse(String text) {
            String[] words = text.split(" ");
            if (words.length <= FIRST_NODE || !words[1].matches("\\d{1,15}")) {
                return Optional.empty();
            }
            List<NodeAddress> nodes = List.of(words).subList(FIRST_NODE, words.length).stream()
                    .map(LearnedNodes::address)
                    .flatMap(Optional::stream)
                    .toList();
            return Optional.of(new Line(words[0], Long.parseLong(words[1]), nodes));
        }

        @Override
        public String toString() {
            return id + " " + whenMs + " "
                    + String.join(" ", nodes.stream().map(NodeAddress::toString).toList());
        }
    }
}
