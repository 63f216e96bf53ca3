package dev.kvstore.core.node;

import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Effect.Notice.Level;
import dev.kvstore.core.io.Effect.Write;
import dev.kvstore.core.ring.Ring;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The ring that a member acts on. A newer one is synced to disk before it is acted on; one of another cluster, or of the
 * same version with other content, is never followed.
 */
final class RingKeeper {
    private final Outbox outbox;
    private final BiConsumer<@Nullable Ring, Ring> changed;
    private @Nullable Ring current;
    private @Nullable Ring onItsWay;
    private String lastAlarm = "";

    /**
     * @param found what the disk held, or null
     * @param changed is told the ring before and the ring after every change
     */
    RingKeeper(Outbox outbox, @Nullable Ring found, BiConsumer<@Nullable Ring, Ring> changed) {
        this.outbox = outbox;
        this.current = found;
        this.changed = changed;
    }

    @Nullable
    Ring current() {
        return current;
    }

    long version() {
        Ring ring = current;
        return ring == null ? 0 : ring.version();
    }

    /** A ring was read from the register, or came from a member that had it from there. */
    void offer(Ring offered) {
        Ring mine = onItsWay == null ? current : onItsWay;
        if (mine != null && !mine.clusterId().equals(offered.clusterId())) {
            alarm("a ring of another cluster (" + offered.clusterId() + ") is not followed; mine is "
                    + mine.clusterId());
            return;
        }
        if (mine != null && offered.version() <= mine.version()) {
            if (offered.version() == mine.version() && !offered.equals(mine)) {
                alarm("two different rings of version " + mine.version()
                        + " exist: somebody wrote the register by hand");
            }
            return;
        }
        onItsWay = offered;
        // Disk first: after a restart the member must not act on an older ring than it has acted on.
        outbox.persist(new Write.SaveRing(offered), () -> adopt(offered));
    }

    private void adopt(Ring ring) {
        Ring before = current;
        if (before != null && before.version() >= ring.version()) {
            return;
        }
        current = ring;
        if (ring.equals(onItsWay)) {
            onItsWay = null;
        }
        changed.accept(before, ring);
    }

    private void alarm(String text) {
        if (!text.equals(lastAlarm)) {
            lastAlarm = text;
            outbox.add(new Effect.Notice(Level.ALARM, "ring-conflict", text));
        }
    }
}
