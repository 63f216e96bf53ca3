package dev.kvstore.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kvstore.cli.model.ClusterStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/**
 * What is known of a cluster: how it stands, its ring, and what its nodes said twice, a moment apart. What is so only once may be
 * of the moment; what is so twice stays.
 *
 * @param notRunning nodes of this machine whose process does not run
 */
public record Survey(ClusterStatus status, JsonNode ring, Sample first, Sample second, List<String> notRunning) {
    /** The nodes of which this holds both times, given what each said, in the order of their names. */
    List<String> nodesWhere(BiPredicate<String, JsonNode> holds) {
        List<String> names = new ArrayList<>();
        for (Map.Entry<String, JsonNode> each : second.nodes().entrySet()) {
            JsonNode before = first.nodes().get(each.getKey());
            if (before != null && holds.test(each.getKey(), before) && holds.test(each.getKey(), each.getValue())) {
                names.add(each.getKey());
            }
        }
        return names;
    }

    /** Some of these, for a sentence. */
    static String some(List<?> all) {
        int shown = Math.min(all.size(), 8);
        String text =
                String.join(", ", all.stream().limit(shown).map(String::valueOf).toList());
        return all.size() > shown ? text + " and " + (all.size() - shown) + " more" : text;
    }

    /** Such as "1 partition has", "3 partitions have". */
    static String count(int number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }
}
