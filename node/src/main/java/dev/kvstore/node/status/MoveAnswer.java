package dev.kvstore.node.status;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.kvstore.core.io.View;
import dev.kvstore.core.ring.Assignment;
import dev.kvstore.core.ring.Ring;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A partition on its way to another member.
 *
 * @param kind {@code copy}: the member gets a copy; {@code hand-over}: it has one and is to become the primary
 * @param from the primary, which sends
 * @param state {@code running}, or {@code waiting} for its turn or for a member; null where the primary does not say
 * @param bytesDone bytes of a snapshot that were sent; null where none is needed, or the primary does not say
 * @param bytesTotal about how many it has; null where that is not known
 * @param since when it was begun, to the second; null where the primary does not say
 */
@JsonPropertyOrder({"partition", "kind", "from", "to", "state", "bytesDone", "bytesTotal", "since"})
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MoveAnswer(
        int partition,
        String kind,
        String from,
        String to,
        @Nullable String state,
        @Nullable Long bytesDone,
        @Nullable Long bytesTotal,
        @Nullable String since) {
    /** A member gets a copy. */
    public static final String COPY = "copy";

    /** A member that has a copy is to become the primary. */
    public static final String HAND_OVER = "hand-over";

    /** The moves that a ring implies; of their progress it says nothing. */
    public static List<MoveAnswer> of(Ring ring) {
        List<MoveAnswer> moves = new ArrayList<>();
        for (int i = 0; i < ring.partitions().size(); i++) {
            Assignment each = ring.partition(i);
            if (each.lost()) {
                continue;
            }
            for (String learner : each.learners()) {
                moves.add(new MoveAnswer(i, COPY, each.primary(), learner, null, null, null, null));
            }
            String first =
                    each.replicas().isEmpty() ? each.primary() : each.replicas().getFirst();
            if (!first.equals(each.primary()) && each.isInSync(first)) {
                moves.add(new MoveAnswer(i, HAND_OVER, each.primary(), first, null, null, null, null));
            }
        }
        return moves;
    }

    /**
     * The moves that a member carries out.
     *
     * @param copyBytes rough size of its copy of a partition
     */
    public static List<MoveAnswer> of(View view, String self, IntToLongFunction copyBytes, Instant now) {
        return view.moves().stream().map(move -> of(move, self, copyBytes, now)).toList();
    }

    private static MoveAnswer of(View.Move move, String self, IntToLongFunction copyBytes, Instant now) {
        boolean copied = move.snapshot() || move.snapshotBytes() > 0;
        long done = move.snapshotBytes();
        return new MoveAnswer(
                move.partition(),
                switch (move.kind()) {
                    case COPY -> COPY;
                    case HAND_OVER -> HAND_OVER;
                },
                self,
                move.to(),
                move.active() ? "running" : "waiting",
                copied ? done : null,
                copied ? Math.max(done, move.snapshot() ? copyBytes.applyAsLong(move.partition()) : done) : null,
                now.minusMillis(move.forMs()).truncatedTo(ChronoUnit.SECONDS).toString());
    }

    /** Whether both are about the same move, however far it is. */
    boolean isSame(MoveAnswer other) {
        return partition == other.partition
                && kind.equals(other.kind)
                && from.equals(other.from)
                && to.equals(other.to);
    }
}
