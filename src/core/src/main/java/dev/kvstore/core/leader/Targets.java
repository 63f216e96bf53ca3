package dev.kvstore.core.leader;

import dev.kvstore.core.ring.Placement;
import java.util.List;
import java.util.Map;

/** Where partitions should live, computed anew only when the members have changed. */
public final class Targets {
    private record Question(Map<String, String> members, int partitions, int replicationFactor) {}

    private Question asked = new Question(Map.of(), 0, 0);
    private List<List<String>> answer = List.of();

    /** Nothing was asked yet. */
    public Targets() {}

    /** The same as {@link Placement#place}. */
    public List<List<String>> place(Map<String, String> members, int partitions, int replicationFactor) {
        Question question = new Question(members, partitions, replicationFactor);
        if (!question.equals(asked)) {
            asked = question;
            answer = Placement.place(members, partitions, replicationFactor);
        }
        return answer;
    }
}
