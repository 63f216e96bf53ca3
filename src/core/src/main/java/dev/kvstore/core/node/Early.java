package dev.kvstore.core.node;

import dev.kvstore.core.message.Message;
import dev.kvstore.core.message.PeerId;
import dev.kvstore.core.replication.Request;
import dev.kvstore.core.ring.Ring;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;

/**
 * What came from members that already act on a ring which this one is about to follow: the newest Append of each partition, and
 * operations for a primary that this member is not yet. They are taken up when the ring is acted on, as if the network had
 * delayed them so long; without that, whoever sent them would have to find out by waiting, and requests with it.
 */
final class Early {
    /** For so long an operation waits for a ring; whoever sent it may know better by then. */
    private static final long FORWARD_MS = 100;

    private record Sent(PeerId from, Message.Append append, long bytes) {}

    private record Forwarded(int partition, Request request, long untilMs) {}

    private final long maxBytes;
    private final Map<Integer, Sent> appends = new TreeMap<>();
    private final List<Forwarded> forwards = new ArrayList<>();
    private long bytes;

    /**
     * Nothing is early yet.
     *
     * @param maxBytes bytes of entries in Appends that are kept; what is above that is lost, as it would be on the network
     */
    Early(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** An Append of a later epoch than the partition has in my ring. */
    void append(PeerId from, Message.Append append) {
        long size =
                append.entries().stream().mapToLong(entry -> entry.sizeBytes()).sum();
        Sent before = appends.get(append.partition());
        long without = bytes - (before == null ? 0 : before.bytes());
        if ((before != null && before.append().epoch() > append.epoch()) || without + size > maxBytes) {
            return;
        }
        appends.put(append.partition(), new Sent(from, append, size));
        bytes = without + size;
    }

    /** An operation for a partition whose primary I may become. */
    void forward(int partition, Request request, long nowMs) {
        forwards.add(new Forwarded(partition, request, nowMs + FORWARD_MS));
    }

    /**
     * The member acts on this ring now.
     *
     * @param receive takes an Append up as if it had just come
     * @param submit takes an operation on; false when this member cannot
     */
    void ringChanged(Ring ring, BiConsumer<PeerId, Message.Append> receive, BiPredicate<Integer, Request> submit) {
        List<Sent> due = new ArrayList<>();
        for (Iterator<Sent> each = appends.values().iterator(); each.hasNext(); ) {
            Sent sent = each.next();
            if (sent.append().epoch()
                    <= ring.partition(sent.append().partition()).epoch()) {
                each.remove();
                bytes -= sent.bytes();
                due.add(sent);
            }
        }
        due.forEach(sent -> receive.accept(sent.from(), sent.append()));
        List<Forwarded> operations = List.copyOf(forwards);
        forwards.clear();
        for (Forwarded each : operations) {
            if (!submit.test(each.partition(), each.request())) {
                each.request().origin().notAppended();
            }
        }
    }

    /** Gives up operations that have waited for too long. */
    void tick(long nowMs) {
        forwards.removeIf(each -> {
            boolean late = each.untilMs() <= nowMs;
            if (late) {
                each.request().origin().notAppended();
            }
            return late;
        });
    }

    /** The member stops. */
    void stop() {
        forwards.forEach(each -> each.request().origin().notAppended());
        forwards.clear();
        appends.clear();
        bytes = 0;
    }
}
