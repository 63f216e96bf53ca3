package dev.kvstore.core.leader;

import dev.kvstore.core.io.Effect.Notice;
import dev.kvstore.core.io.Effect.Notice.Level;
import dev.kvstore.core.ring.Ring;
import java.util.ArrayList;
import java.util.List;

/** What an operator should read when a change of the ring marks partitions lost, or ends that. Pure. */
final class Losses {
    private Losses() {}

    /** Nothing where the change does neither. */
    static List<Notice> between(Ring before, Ring after) {
        List<Integer> lost = new ArrayList<>();
        List<Integer> accepted = new ArrayList<>();
        for (int i = 0; i < before.partitions().size(); i++) {
            boolean was = before.partition(i).lost();
            boolean is = after.partition(i).lost();
            if (is && !was) {
                lost.add(i);
            } else if (was && !is) {
                accepted.add(i);
            }
        }
        List<Notice> notices = new ArrayList<>();
        if (!lost.isEmpty()) {
            notices.add(new Notice(
                    Level.ALARM,
                    "partition-lost",
                    "the last copies that had every write are gone, and these partitions are refused until somebody accepts"
                            + " that: " + lost));
        }
        if (!accepted.isEmpty()) {
            notices.add(new Notice(
                    Level.WARNING,
                    "loss-accepted",
                    "the loss of these partitions is accepted as ordered, they start over from what is left: "
                            + accepted));
        }
        return notices;
    }
}
