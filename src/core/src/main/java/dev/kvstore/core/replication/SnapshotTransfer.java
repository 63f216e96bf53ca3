package dev.kvstore.core.replication;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.EntryId;
import dev.kvstore.core.io.Effect;
import dev.kvstore.core.message.Message.SnapshotPart;
import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot on its way out to one learner. A few parts are under way at a time and stay in memory until they are
 * acknowledged, so each is read once.
 */
final class SnapshotTransfer {
    private static final int WINDOW_PARTS = 4;

    private record Part(int index, Bytes data, boolean last) {}

    private final int partition;
    private final Host host;
    private final String to;
    private final long id;
    private final long request;
    private final long pinnedSeq;
    private final ArrayDeque<Part> unacknowledged = new ArrayDeque<>();
    private @Nullable EntryId at;
    private int asked;
    private boolean exhausted;
    private int confirmed;
    private long progressMs;
    private long sentMs;

    SnapshotTransfer(int partition, Host host, String to, long request, long appliedSeq) {
        this.partition = partition;
        this.host = host;
        this.to = to;
        this.request = request;
        this.id = host.nextId();
        this.pinnedSeq = appliedSeq;
        this.progressMs = host.now().monoMs();
        host.effect(new Effect.OpenSnapshot(partition, id));
    }

    long id() {
        return id;
    }

    /** The receiver's request that this answers. */
    long request() {
        return request;
    }

    /** Entries above this one must be kept until the transfer has ended. */
    long pinnedSeq() {
        return pinnedSeq;
    }

    /** When the receiver last got on, in monotonic milliseconds. */
    long progressMs() {
        return progressMs;
    }

    /** The entry that the snapshot contains last; null until it is open. */
    @Nullable
    EntryId at() {
        return at;
    }

    void opened(EntryId contains) {
        at = contains;
        askFor();
    }

    void read(int index, Bytes data, boolean last, long epoch) {
        Part part = new Part(index, data, last);
        unacknowledged.addLast(part);
        exhausted |= last;
        send(part, epoch);
    }

    /** The receiver has all parts before {@code next}; true when that was all of them. */
    boolean acknowledged(int next) {
        if (next > confirmed) {
            confirmed = next;
            progressMs = host.now().monoMs();
        }
        boolean done = false;
        // Parts that were asked for together may have been read in any order.
        for (Iterator<Part> each = unacknowledged.iterator(); each.hasNext(); ) {
            Part part = each.next();
            if (part.index() < confirmed) {
                done |= part.last();
                each.remove();
            }
        }
        if (!done) {
            askFor();
        }
        return done;
    }

    /** Asks for what may be read now, and sends again what was not acknowledged for so long. */
    void tick(long resendMs, long epoch) {
        askFor();
        if (unacknowledged.isEmpty() && !host.mayTransfer()) {
            // It waits for its turn, not for the receiver.
            progressMs = host.now().monoMs();
        }
        if (host.now().monoMs() - sentMs >= resendMs) {
            unacknowledged.forEach(part -> send(part, epoch));
        }
    }

    void close() {
        host.effect(new Effect.CloseSnapshot(partition, id));
        host.endSnapshot();
    }

    private void askFor() {
        while (at != null && !exhausted && asked < confirmed + WINDOW_PARTS && host.mayTransfer()) {
            host.effect(new Effect.ReadSnapshot(partition, id, asked));
            asked++;
        }
    }

    private void send(Part part, long epoch) {
        if (at != null) {
            sentMs = host.now().monoMs();
            host.transferred(part.data().size());
            host.send(to, new SnapshotPart(partition, epoch, request, part.index(), at, part.data(), part.last()));
        }
    }
}
