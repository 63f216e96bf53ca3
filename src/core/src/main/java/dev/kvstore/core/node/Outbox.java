package dev.kvstore.core.node;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Operation;
import dev.kvstore.core.data.Outcome;
import dev.kvstore.core.data.Stored;
import dev.kvstore.core.io.Effect;
import dev.kvstore.core.message.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the effects of a turn, and remembers what is to happen when they have taken place. All writes of a turn become one
 * {@link Effect.Persist}.
 */
final class Outbox {
    private record OnDisk(long persistId, Runnable then) {}

    private final List<Effect> effects = new ArrayList<>();
    private final List<Effect.Write> writes = new ArrayList<>();
    private final ArrayDeque<OnDisk> waiting = new ArrayDeque<>();
    private final ArrayDeque<long[]> persists = new ArrayDeque<>();
    private final Map<Long, Consumer<@Nullable Stored>> lookups = new HashMap<>();
    private final Map<Long, Consumer<Outcome.Page>> scans = new HashMap<>();
    private long persistId;
    private long nextId;

    /**
     * An empty outbox.
     *
     * @param nonce differs from start to start, so that an answer to a former process is never taken for one to this
     */
    Outbox(String nonce) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < nonce.length(); i++) {
            hash = (hash ^ nonce.charAt(i)) * 0x100000001b3L;
        }
        this.nextId = hash >>> 2;
    }

    void add(Effect effect) {
        effects.add(effect);
    }

    void send(String to, Message message) {
        effects.add(new Effect.Send(to, message));
    }

    long nextId() {
        return ++nextId;
    }

    void persist(Effect.Write write, Runnable then) {
        writes.add(write);
        waiting.addLast(new OnDisk(persistId + 1, then));
    }

    /** Runs what waited for the writes up to this one. */
    void persisted(long id) {
        while (!persists.isEmpty() && persists.getFirst()[0] <= id) {
            persists.removeFirst();
        }
        while (!waiting.isEmpty() && waiting.getFirst().persistId() <= id) {
            waiting.removeFirst().then().run();
        }
    }

    void lookup(int partition, Bytes key, Consumer<@Nullable Stored> then) {
        long id = nextId();
        lookups.put(id, then);
        effects.add(new Effect.Lookup(id, partition, key));
    }

    void lookedUp(long id, @Nullable Stored stored) {
        Consumer<@Nullable Stored> then = lookups.remove(id);
        if (then != null) {
            then.accept(stored);
        }
    }

    void scan(Operation.Scan scan, Consumer<Outcome.Page> then) {
        long id = nextId();
        scans.put(id, then);
        effects.add(
                new Effect.ScanRange(id, scan.partition(), scan.prefix(), scan.after(), scan.limit(), scan.values()));
    }

    void scanned(long id, Outcome.Page page) {
        Consumer<Outcome.Page> then = scans.remove(id);
        if (then != null) {
            then.accept(page);
        }
    }

    /** For how long the oldest write has been under way, in milliseconds. */
    long oldestPersistMs(long nowMs) {
        return persists.isEmpty() ? 0 : nowMs - persists.getFirst()[1];
    }

    /** The effects of the turn, in order. */
    List<Effect> take(long nowMs) {
        if (!writes.isEmpty()) {
            persistId++;
            persists.addLast(new long[] {persistId, nowMs});
            effects.add(new Effect.Persist(persistId, List.copyOf(writes)));
            writes.clear();
        }
        List<Effect> taken = List.copyOf(effects);
        effects.clear();
        return taken;
    }
}
