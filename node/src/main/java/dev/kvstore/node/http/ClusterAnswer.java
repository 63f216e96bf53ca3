package dev.kvstore.node.http;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.kvstore.core.io.View;
import dev.kvstore.core.ring.Assignment;
import dev.kvstore.core.ring.Desired;
import dev.kvstore.core.ring.Member;
import dev.kvstore.core.ring.Ring;
import dev.kvstore.node.status.MoveAnswer;
import dev.kvstore.node.status.Moves;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How the cluster stands, as one member sees it.
 *
 * @param cluster its id; null before the first ring
 * @param leader null when nobody is known to lead
 * @param ringVersion 0 before the first ring
 * @param replicationFactor wanted copies; null while unknown
 * @param moves partitions on their way to other members
 */
@JsonPropertyOrder({"cluster", "leader", "ringVersion", "replicationFactor", "members", "partitions", "moves"})
record ClusterAnswer(
        @Nullable String cluster,
        @Nullable String leader,
        long ringVersion,
        @Nullable Integer replicationFactor,
        List<MemberAnswer> members,
        Partitions partitions,
        List<MoveAnswer> moves) {
    /**
     * One member.
     *
     * @param primaries partitions whose primary it is
     * @param replicas partitions for which it is in sync without being the primary
     * @param learners partitions of which it should hold a copy and is catching up
     */
    @JsonPropertyOrder({"name", "address", "zone", "state", "primaries", "replicas", "learners", "boot"})
    record MemberAnswer(
            String name,
            String address,
            String zone,
            String state,
            int primaries,
            int replicas,
            int learners,
            long boot) {}

    /**
     * Partitions, counted.
     *
     * @param fullyInSync with every copy that they should have
     * @param withoutPrimary whose primary is taken for failed
     * @param lost whose last in-sync copy is gone
     * @param toMove that are not yet where the leader will have them, those whose moves have not begun included
     */
    @JsonPropertyOrder({"total", "fullyInSync", "withoutPrimary", "lost", "toMove"})
    record Partitions(int total, int fullyInSync, int withoutPrimary, int lost, int toMove) {}

    /**
     * By this view.
     *
     * @param toMove partitions that are not yet where the leader will have them
     * @param moves what primaries say of moves
     */
    static ClusterAnswer of(View view, @Nullable Desired desired, int toMove, List<MoveAnswer> moves) {
        Ring ring = view.ring();
        TreeSet<String> names = new TreeSet<>(view.members().keySet());
        if (ring != null) {
            ring.members().forEach(member -> names.add(member.name()));
        }
        List<MemberAnswer> members = new ArrayList<>();
        for (String name : names) {
            members.add(member(name, ring, view.members().get(name)));
        }
        return new ClusterAnswer(
                ring == null ? null : ring.clusterId(),
                view.leader(),
                ring == null ? 0 : ring.version(),
                desired == null ? null : desired.replicationFactor(),
                members,
                ring == null ? new Partitions(0, 0, 0, 0, 0) : partitions(ring, view, toMove),
                ring == null ? List.of() : Moves.merged(ring, moves));
    }

    private static MemberAnswer member(String name, @Nullable Ring ring, View.@Nullable Seen seen) {
        Member known = ring == null ? null : ring.member(name);
        int primaries = 0;
        int replicas = 0;
        int learners = 0;
        for (Assignment each : ring == null ? List.<Assignment>of() : ring.partitions()) {
            if (each.primary().equals(name)) {
                primaries++;
            } else if (each.isInSync(name)) {
                replicas++;
            } else if (each.replicas().contains(name)) {
                learners++;
            }
        }
        String address = known != null ? known.address() : seen != null ? seen.address() : "";
        long boot = Math.max(known == null ? 0 : known.boot(), seen == null ? 0 : seen.boot());
        return new MemberAnswer(
                name,
                address,
                known == null ? "" : known.zone(),
                (seen == null ? View.State.DOWN : seen.state()).name().toLowerCase(Locale.ROOT),
                primaries,
                replicas,
                learners,
                boot);
    }

    private static Partitions partitions(Ring ring, View view, int toMove) {
        int complete = 0;
        int withoutPrimary = 0;
        int lost = 0;
        for (Assignment each : ring.partitions()) {
            View.Seen primary = view.members().get(each.primary());
            if (each.lost()) {
                lost++;
            } else if (primary == null || primary.state() == View.State.DOWN) {
                withoutPrimary++;
            }
            if (each.complete()) {
                complete++;
            }
        }
        return new Partitions(ring.partitions().size(), complete, withoutPrimary, lost, toMove);
    }
}
