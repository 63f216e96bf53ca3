package dev.kvstore.node.order;

import dev.kvstore.core.io.View;
import dev.kvstore.core.ring.Assignment;
import dev.kvstore.core.ring.Desired;
import dev.kvstore.core.ring.Ring;
import dev.kvstore.node.coordination.OrderRefusedException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which orders are refused: those that cannot be carried out, or would leave fewer copies than were asked for. Each refusal says
 * what could be done instead. Pure.
 */
public final class OrderRules {
    private final View view;
    private final Map<String, Room> rooms;

    /**
     * What a member's disk holds and takes.
     *
     * @param dataBytes what it holds
     * @param spareBytes what it takes before it counts as full
     */
    public record Room(long dataBytes, long spareBytes) {}

    /**
     * Rules by what is known now.
     *
     * @param rooms the disks of members, as far as they are known
     */
    public OrderRules(View view, Map<String, Room> rooms) {
        this.view = view;
        this.rooms = rooms;
    }

    /**
     * Checks an order.
     *
     * @throws OrderRefusedException when it cannot be
     */
    public void check(Desired before, Desired after) throws OrderRefusedException {
        Ring ring = view.ring();
        if (ring == null) {
            throw new OrderRefusedException("the cluster has no ring yet; order again when it has formed");
        }
        copies(after);
        Set<String> leaving = new TreeSet<>(before.names());
        leaving.removeAll(after.names());
        Set<String> coming = new TreeSet<>(after.names());
        coming.removeAll(before.names());
        if (!leaving.isEmpty()) {
            leave(ring, after, leaving);
        }
        for (String name : coming) {
            if (ring.member(name) == null && !isThere(name)) {
                throw new OrderRefusedException(
                        "nobody has heard of " + name + "; start it: a node that starts becomes a member by itself");
            }
        }
        losses(ring, before, after);
    }

    private static void copies(Desired after) throws OrderRefusedException {
        int members = after.names().size();
        if (members == 0) {
            throw new OrderRefusedException("a cluster has at least one member");
        }
        if (after.replicationFactor() > members) {
            throw new OrderRefusedException(
                    "%d copies need %d members, and there would be %d: order fewer copies, or more members first"
                            .formatted(after.replicationFactor(), after.replicationFactor(), members));
        }
        if (after.minInSync() > after.replicationFactor()) {
            throw new OrderRefusedException(
                    "minInSync %d is more than the %d copies that there would be: every write would be refused"
                            .formatted(after.minInSync(), after.replicationFactor()));
        }
    }

    private void leave(Ring ring, Desired after, Set<String> leaving) throws OrderRefusedException {
        Set<String> staying = new TreeSet<>(after.names());
        staying.removeIf(name -> !isThere(name));
        if (staying.size() < after.replicationFactor()) {
            throw new OrderRefusedException(
                    "of the members that would stay only %s can be reached, too few for %d copies: start the others first"
                            .formatted(staying, after.replicationFactor()));
        }
        long toMove = 0;
        for (String name : leaving) {
            Room room = rooms.get(name);
            toMove += room == null || ring.member(name) == null ? 0 : room.dataBytes();
        }
        long share = toMove / staying.size();
        for (String name : staying) {
            Room room = rooms.get(name);
            if (room != null && room.spareBytes() < share) {
                throw new OrderRefusedException(
                        "%s has room for %d bytes more, and about %d would come to it: make room there first"
                                .formatted(name, Math.max(0, room.spareBytes()), share));
            }
        }
    }

    private boolean isThere(String name) {
        View.@Nullable Seen seen = view.members().get(name);
        return seen != null && seen.state() != View.State.DOWN;
    }

    private static void losses(Ring ring, Desired before, Desired after) throws OrderRefusedException {
        for (Map.Entry<Integer, Long> each : after.acceptLoss().entrySet()) {
            if (each.getValue().equals(before.acceptLoss().get(each.getKey()))) {
                continue;
            }
            int number = each.getKey();
            Assignment partition = number >= 0 && number < ring.partitions().size() ? ring.partition(number) : null;
            if (partition == null || !partition.lost()) {
                throw new OrderRefusedException("partition " + number + " is not lost; nothing of it is given up");
            }
            if (partition.epoch() != each.getValue()) {
                throw new OrderRefusedException("partition %d is lost at epoch %d, not %d: look again what is lost"
                        .formatted(number, partition.epoch(), each.getValue()));
            }
        }
    }
}
