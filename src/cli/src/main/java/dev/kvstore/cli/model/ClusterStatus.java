package dev.kvstore.cli.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How the cluster stands, as one of its nodes sees it.
 *
 * @param cluster the cluster's id
 * @param leader the member that decides membership and placement; empty while there is none
 * @param ringVersion the version of the ring
 * @param replicationFactor how many copies are wanted
 * @param members all of them, those that are away included
 * @param partitions how many of them stand how
 * @param moves partitions on their way to other members
 */
public record ClusterStatus(
        String cluster,
        Optional<String> leader,
        long ringVersion,
        int replicationFactor,
        List<Member> members,
        Partitions partitions,
        List<Move> moves) {
    /**
     * Reads what a node answered.
     *
     * @throws IllegalArgumentException when it is not a cluster's document
     */
    public static ClusterStatus of(ObjectNode json) {
        if (!json.path("members").isArray() || !json.path("partitions").isObject()) {
            throw new IllegalArgumentException("'members' or 'partitions' is missing");
        }
        List<Member> members = new ArrayList<>();
        json.path("members").forEach(member -> members.add(Member.of(member)));
        return new ClusterStatus(
                Json.text(json, "cluster").orElse(""),
                Json.text(json, "leader"),
                json.path("ringVersion").asLong(),
                json.path("replicationFactor").asInt(),
                List.copyOf(members),
                Partitions.of(json.path("partitions")),
                moves(json.path("moves")));
    }

    private static List<Move> moves(JsonNode json) {
        List<Move> moves = new ArrayList<>();
        json.forEach(move -> moves.add(Move.of(move)));
        return List.copyOf(moves);
    }

    /** Every partition has a primary and all its copies, and all members are up. */
    public boolean well() {
        return partitions.allInSync() && members.stream().allMatch(Member::up);
    }

    /**
     * A member. Counts are of partitions.
     *
     * @param name stable
     * @param address {@code host:port} for HTTP
     * @param zone if known
     * @param state {@code up}, {@code suspect}, {@code down}, {@code joining} or {@code leaving}
     * @param primaries of which it orders the writes
     * @param replicas of which it holds a copy in sync
     * @param learners of which it is fetching a copy
     * @param boot grows with each of its starts
     */
    public record Member(
            String name,
            String address,
            Optional<String> zone,
            String state,
            int primaries,
            int replicas,
            int learners,
            String boot) {
        static Member of(JsonNode json) {
            return new Member(
                    Json.text(json, "name").orElse("?"),
                    Json.text(json, "address").orElse("?"),
                    Json.text(json, "zone").filter(zone -> !zone.isEmpty()),
                    Json.text(json, "state").orElse("?"),
                    json.path("primaries").asInt(),
                    json.path("replicas").asInt(),
                    json.path("learners").asInt(),
                    Json.text(json, "boot").orElse("?"));
        }

        /** It is there, and not on its way in or out. */
        public boolean up() {
            return state.equals("up");
        }
    }

    /**
     * Counts of partitions.
     *
     * @param total all
     * @param fullyInSync with the full number of copies in sync
     * @param withoutPrimary which can neither be read nor written now
     * @param lost of which no copy in sync is left
     * @param toMove which are not where they should be, those whose moves have not begun included
     */
    public record Partitions(int total, int fullyInSync, int withoutPrimary, int lost, int toMove) {
        static Partitions of(JsonNode json) {
            return new Partitions(
                    json.path("total").asInt(),
                    json.path("fullyInSync").asInt(),
                    json.path("withoutPrimary").asInt(),
                    json.path("lost").asInt(),
                    json.path("toMove").asInt());
        }

        /** There are partitions, and nothing is missing of any. */
        public boolean allInSync() {
            return total > 0 && fullyInSync == total && withoutPrimary == 0 && lost == 0;
        }
    }

    /**
     * A partition on its way to another member.
     *
     * @param kind {@code copy}: the member gets a copy; {@code hand-over}: it has one and becomes the primary
     * @param from the primary, which sends
     * @param state {@code running} or {@code waiting}, if known
     * @param bytesDone bytes that were sent, if known
     * @param bytesTotal about how many there are, if known
     * @param since when it was begun, if known
     */
    public record Move(
            int partition,
            String kind,
            String from,
            String to,
            Optional<String> state,
            OptionalLong bytesDone,
            OptionalLong bytesTotal,
            Optional<String> since) {
        static Move of(JsonNode json) {
            return new Move(
                    json.path("partition").asInt(),
                    Json.text(json, "kind").orElse("?"),
                    Json.text(json, "from").orElse("?"),
                    Json.text(json, "to").orElse("?"),
                    Json.text(json, "state"),
                    number(json.path("bytesDone")),
                    number(json.path("bytesTotal")),
                    Json.text(json, "since"));
        }

        private static OptionalLong number(JsonNode json) {
            return json.isNumber() ? OptionalLong.of(json.asLong()) : OptionalLong.empty();
        }
    }
}
