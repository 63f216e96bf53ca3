package dev.kvstore.testkit.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How much one ring differs from a later one. All partitions hold about as much, so copies stand for data.
 *
 * @param copies copies of partitions in the later ring
 * @param moved those of them whose member had none before
 * @param members members of the later ring
 * @param joined those of them that are new
 * @param mostPrimaries partitions of the member that is the primary of the most
 * @param partitions how many there are
 */
record RingChange(int copies, int moved, int members, int joined, int mostPrimaries, int partitions) {
    /** Of two answers to {@code GET /v1/cluster/ring}. */
    static RingChange of(JsonNode before, JsonNode after) {
        int copies = 0;
        int moved = 0;
        Map<String, Integer> primaries = new HashMap<>();
        for (int i = 0; i < after.path("partitions").size(); i++) {
            Set<String> had = names(before.path("partitions").path(i).path("inSync"));
            for (String member : names(after.path("partitions").path(i).path("inSync"))) {
                copies++;
                moved += had.contains(member) ? 0 : 1;
            }
            primaries.merge(after.path("partitions").path(i).path("primary").asText(), 1, Integer::sum);
        }
        Set<String> joined = members(after);
        int members = joined.size();
        joined.removeAll(members(before));
        return new RingChange(
                copies,
                moved,
                members,
                joined.size(),
                primaries.values().stream().mapToInt(Integer::intValue).max().orElse(0),
                after.path("partitions").size());
    }

    /** What must move at least: the new members' fair share. */
    double least() {
        return (double) copies * joined / members;
    }

    /** What was moved over the least. */
    double movedOverLeast() {
        return moved / least();
    }

    /** The greatest number of primaries of a member over the mean. */
    double primariesOverMean() {
        return mostPrimaries * (double) members / partitions;
    }

    private static Set<String> members(JsonNode ring) {
        Set<String> members = new HashSet<>();
        ring.path("members").forEach(member -> members.add(member.path("name").asText()));
        return members;
    }

    private static Set<String> names(JsonNode array) {
        Set<String> names = new HashSet<>();
        array.forEach(each -> names.add(each.asText()));
        return names;
    }
}
