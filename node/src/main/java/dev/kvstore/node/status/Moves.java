package dev.kvstore.node.status;

import dev.kvstore.core.io.View;
import dev.kvstore.core.leader.Targets;
import dev.kvstore.core.ring.Assignment;
import dev.kvstore.core.ring.Desired;
import dev.kvstore.core.ring.Member;
import dev.kvstore.core.ring.Ring;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What still has to move before every partition is where it should be. */
@ApplicationScoped
public class Moves {
    private static final Comparator<MoveAnswer> ORDER =
            Comparator.comparingInt(MoveAnswer::partition).thenComparing(MoveAnswer::kind);

    private final Targets targets = new Targets();

    Moves() {}

    /**
     * The moves that the ring implies, with what their primaries say of them.
     *
     * @param told what primaries say
     */
    public static List<MoveAnswer> merged(Ring ring, List<MoveAnswer> told) {
        List<MoveAnswer> rest = new ArrayList<>(told);
        List<MoveAnswer> moves = new ArrayList<>();
        for (MoveAnswer implied : MoveAnswer.of(ring)) {
            MoveAnswer known = rest.stream().filter(implied::isSame).findFirst().orElse(implied);
            rest.remove(known);
            moves.add(known);
        }
        // who is about to stop hands over what the ring would leave with it
        rest.removeIf(each -> !isHandOverNow(ring, each));
        moves.addAll(rest);
        moves.sort(ORDER);
        return moves;
    }

    private static boolean isHandOverNow(Ring ring, MoveAnswer move) {
        return move.kind().equals(MoveAnswer.HAND_OVER)
                && move.partition() < ring.partitions().size()
                && ring.partition(move.partition()).primary().equals(move.from());
    }

    /** How many partitions are not yet where the leader will have them, moves that have not begun included. */
    public synchronized int partitionsToMove(View view, @Nullable Desired desired) {
        Ring ring = view.ring();
        if (ring == null || desired == null) {
            return 0;
        }
        Map<String, String> places = new TreeMap<>();
        for (Member member : ring.members()) {
            if (!leaves(member, desired) && !isReplaced(view.members().get(member.name()), desired)) {
                places.put(member.name(), member.zone());
            }
        }
        List<List<String>> wanted = targets.place(places, ring.partitions().size(), desired.replicationFactor());
        int moving = 0;
        for (int i = 0; i < ring.partitions().size(); i++) {
            Assignment now = ring.partition(i);
            List<String> target = wanted.get(i);
            boolean there = now.primary().equals(target.isEmpty() ? now.primary() : target.getFirst())
                    && new HashSet<>(now.inSync()).equals(new HashSet<>(target));
            moving += there || now.lost() || target.isEmpty() ? 0 : 1;
        }
        return moving;
    }

    private static boolean leaves(Member member, Desired desired) {
        boolean surplus =
                !desired.names().contains(member.name()) && desired.names().size() >= desired.memberCount();
        return member.leaving() || surplus;
    }

    private static boolean isReplaced(View.@Nullable Seen seen, Desired desired) {
        return seen != null && seen.state() == View.State.DOWN && seen.silentMs() >= desired.replaceAfterMs();
    }
}
