package dev.kvstore.cli.output;

import dev.kvstore.cli.model.ClusterStatus;
import dev.kvstore.cli.model.ClusterStatus.Member;
import dev.kvstore.cli.model.ClusterStatus.Move;
import dev.kvstore.cli.model.ClusterStatus.Partitions;
import dev.kvstore.cli.model.NodeAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Tells a person how the cluster stands.
 *
 * @param status as one node sees it
 * @param seenBy that node
 * @param notRunning nodes of this machine whose process does not run
 */
public record StatusReport(ClusterStatus status, Optional<NodeAddress> seenBy, List<String> notRunning) {
    private static final int MAX_NAMED = 8;
    private static final int MAX_MOVES = 20;

    /** All lines: the facts, the nodes, the partitions, and what they mean. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("cluster       " + (status.cluster().isEmpty() ? "?" : status.cluster())
                + seenBy.map(node -> ", as " + node + " sees it").orElse(""));
        lines.add("leader        " + status.leader().orElse("none"));
        lines.add("ring version  " + status.ringVersion());
        lines.add("copies        " + status.replicationFactor() + " of each key are wanted");
        lines.add("");
        lines.addAll(nodes());
        lines.add("");
        Partitions partitions = status.partitions();
        lines.add("partitions    %d: %d fully in sync, %d without primary, %d lost"
                .formatted(
                        partitions.total(), partitions.fullyInSync(), partitions.withoutPrimary(), partitions.lost()));
        lines.addAll(moves());
        lines.add("");
        lines.addAll(sentences());
        return lines;
    }

    private List<String> nodes() {
        Table table = new Table("NODE", "ADDRESS", "ZONE", "STATE", "PRIMARIES", "REPLICAS", "LEARNERS", "BOOT");
        for (Member member : status.members()) {
            table.row(
                    member.name(),
                    member.address(),
                    member.zone().orElse("-"),
                    member.state(),
                    Integer.toString(member.primaries()),
                    Integer.toString(member.replicas()),
                    Integer.toString(member.learners()),
                    member.boot());
        }
        return table.lines();
    }

    private List<String> moves() {
        List<Move> moves = status.moves();
        List<String> lines = new ArrayList<>();
        if (moves.isEmpty() && status.partitions().toMove() == 0) {
            return lines;
        }
        long copies = moves.stream().filter(move -> move.kind().equals("copy")).count();
        lines.add("to move       %d: %d being copied, %d being handed over%s"
                .formatted(status.partitions().toMove(), copies, moves.size() - copies, sent(moves)));
        if (moves.isEmpty()) {
            return lines;
        }
        lines.add("");
        Table table = new Table("PARTITION", "MOVE", "FROM", "TO", "STATE", "DONE", "OF", "SINCE");
        moves.stream()
                .limit(MAX_MOVES)
                .forEach(move -> table.row(
                        Integer.toString(move.partition()),
                        move.kind(),
                        move.from(),
                        move.to(),
                        move.state().orElse("-"),
                        ByteCount.text(move.bytesDone()),
                        ByteCount.text(move.bytesTotal()),
                        move.since().orElse("-")));
        lines.addAll(table.lines());
        if (moves.size() > MAX_MOVES) {
            lines.add("and %d more: --output json shows all".formatted(moves.size() - MAX_MOVES));
        }
        return lines;
    }

    private static String sent(List<Move> moves) {
        long done = moves.stream().mapToLong(move -> move.bytesDone().orElse(0)).sum();
        long total =
                moves.stream().mapToLong(move -> move.bytesTotal().orElse(0)).sum();
        return total == 0
                ? ""
                : ", %s of %s sent"
                        .formatted(ByteCount.text(OptionalLong.of(done)), ByteCount.text(OptionalLong.of(total)));
    }

    /** What is not well, in plain words; that all is well, if so. */
    public List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        Partitions partitions = status.partitions();
        if (partitions.total() == 0) {
            sentences.add("The cluster has no ring yet: its nodes have not met, or too few of them run.");
        }
        if (partitions.lost() > 0) {
            sentences.add(
                    "%s lost: the last copy that had every write is gone. Their keys are refused until a human decides."
                            .formatted(count(partitions.lost(), "partition is", "partitions are")));
        }
        if (partitions.withoutPrimary() > 0) {
            sentences.add(
                    "%s no primary: their keys can be neither read nor written until a member with a full copy is back."
                            .formatted(count(partitions.withoutPrimary(), "partition has", "partitions have")));
        }
        int behind = partitions.total() - partitions.fullyInSync();
        if (behind > 0) {
            sentences.add("%s fewer copies in sync than wanted: they are being copied, or wait for a node to come back."
                    .formatted(count(behind, "partition has", "partitions have")));
        }
        if (status.leader().isEmpty()) {
            sentences.add(
                    "There is no leader: keys are served, but nobody repairs or moves anything until there is one.");
        }
        status.members().stream()
                .filter(member -> !member.up())
                .limit(MAX_NAMED)
                .forEach(member -> sentences.add("%s is %s.".formatted(member.name(), member.state())));
        notRunning.stream()
                .limit(MAX_NAMED)
                .forEach(node ->
                        sentences.add("%s does not run here. To start it: ./kvstore start %s".formatted(node, node)));
        if (sentences.isEmpty() && partitions.toMove() > 0) {
            sentences.add("Every partition has a primary and all its copies. %s still on the way to where %s belong."
                    .formatted(
                            count(partitions.toMove(), "partition is", "partitions are"),
                            partitions.toMove() == 1 ? "it" : "they"));
        }
        if (sentences.isEmpty()) {
            sentences.add("All is well: every partition has a primary and all its copies.");
        }
        return sentences;
    }

    private static String count(int number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }
}
