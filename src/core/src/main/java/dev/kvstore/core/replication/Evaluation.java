package dev.kvstore.core.replication;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Change;
import dev.kvstore.core.data.Condition;
import dev.kvstore.core.data.Operation;
import dev.kvstore.core.data.Outcome;
import dev.kvstore.core.data.Outcome.Failure;
import dev.kvstore.core.data.Stored;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A primary's work on operations: evaluates each against the newest state, entries in flight included, and answers when what
 * it rests on is committed and, for what had no effect, covered by the lease. An entry is in flight until it is applied, which
 * may be some time after it was answered: until then its key is read from here.
 *
 * <p>An operation on a key whose state is not at hand waits in that key's line until it was looked up. While a line exists
 * nothing about its key is in flight, so what is looked up is the newest state.
 */
final class Evaluation {
    /** What the primary's reign decides for it. */
    interface Reign {
        /** Appends a change; its sequence. */
        long append(Change change);

        /** Whether every member whose acknowledgement is needed has given its lease. */
        boolean leaseHolds();

        /** Why a write is refused at present, or null. */
        @Nullable
        Failure refusal();
    }

    /** What an entry in flight leaves under its key; null for nothing. */
    private record InFlight(long seq, @Nullable Stored stored) {}

    /** An entry was appended for a request; answered when it is committed. */
    private record Written(long seq, Request request, Outcome outcome) {}

    /** A request had no effect; answered under the lease when {@code seq} is committed. */
    private record Unchanged(long seq, Request request, Outcome outcome) {}

    /** A read of many keys under the lease; begun when what was committed at that moment is applied. */
    private record Scanning(long seq, Request request, Operation.Scan scan) {}

    private final int partition;
    private final Host host;
    private final Reign reign;
    private final Copy copy;
    private final Map<Bytes, InFlight> inFlight = new HashMap<>();
    private final ArrayDeque<Map.Entry<Long, Bytes>> inFlightOrder = new ArrayDeque<>();
    private final Map<Bytes, ArrayDeque<Request>> lines = new HashMap<>();
    private final ArrayDeque<Written> written = new ArrayDeque<>();
    private final ArrayList<Unchanged> unchanged = new ArrayList<>();
    private final ArrayList<Request> leaseless = new ArrayList<>();
    private final ArrayDeque<Scanning> scanning = new ArrayDeque<>();
    private boolean ended;

    Evaluation(int partition, Host host, Reign reign, Copy copy) {
        this.partition = partition;
        this.host = host;
        this.reign = reign;
        this.copy = copy;
    }

    /** Begins work on a request. */
    void begin(Request request) {
        switch (request.operation()) {
            case Operation.Get get -> read(request);
            case Operation.Scan scan -> read(request);
            case Operation.Put put -> queue(put.key(), request);
            case Operation.Delete delete -> queue(delete.key(), request);
            case Operation.Expire expire -> queue(expire.key(), request);
        }
    }

    /** Whether nothing is being worked on. */
    boolean idle() {
        return lines.isEmpty() && written.isEmpty() && unchanged.isEmpty() && leaseless.isEmpty() && scanning.isEmpty();
    }

    /** Answers a read that may be stale, if what it asks for is committed and not applied yet. */
    boolean answersFromMemory(Request request, Bytes key) {
        InFlight newest = inFlight.get(key);
        if (newest == null || newest.seq() > copy.commitSeq()) {
            return false;
        }
        request.answer(Outcome.read(newest.stored(), host.now().wallMs()));
        return true;
    }

    private void read(Request request) {
        // The lease is asked for before the state is read: the state is then that of a moment at which nobody else
        // reigned, or a later one of this reign.
        if (!reign.leaseHolds()) {
            leaseless.add(request);
            return;
        }
        switch (request.operation()) {
            case Operation.Get get -> {
                InFlight newest = inFlight.get(get.key());
                if (newest != null) {
                    evaluate(get.key(), request, newest);
                } else {
                    host.lookup(partition, get.key(), stored -> found(request, get.key(), stored));
                }
            }
            case Operation.Scan scan -> {
                scanning.add(new Scanning(copy.commitSeq(), request, scan));
                copy.applyNow();
                scan();
            }
            case Operation.Put put -> throw new IllegalArgumentException("no read: " + put);
            case Operation.Delete delete -> throw new IllegalArgumentException("no read: " + delete);
            case Operation.Expire expire -> throw new IllegalArgumentException("no read: " + expire);
        }
    }

    private void scan() {
        while (!scanning.isEmpty() && scanning.getFirst().seq() <= copy.appliedSeq()) {
            Scanning next = scanning.removeFirst();
            host.scan(next.scan(), page -> scanned(next.request(), next.scan().values(), page));
        }
    }

    private void found(Request request, Bytes key, @Nullable Stored stored) {
        if (stored == null) {
            request.answer(new Outcome.NotFound());
        } else if (!stored.expiredAt(host.now().wallMs())) {
            request.answer(new Outcome.Found(stored));
        } else if (ended) {
            request.notAppended();
        } else {
            // First its deletion is committed, so that no other clock can bring the key back.
            queue(key, request);
        }
    }

    private void scanned(Request request, boolean values, Outcome.Page page) {
        long wallMs = host.now().wallMs();
        List<Outcome.Item> alive = new ArrayList<>(page.items().size());
        List<Bytes> expired = new ArrayList<>();
        for (Outcome.Item item : page.items()) {
            if (item.stored().expiredAt(wallMs)) {
                expired.add(item.key());
            } else {
                alive.add(item);
            }
        }
        if (expired.isEmpty()) {
            request.answer(new Outcome.Page(alive, page.more()));
        } else if (ended) {
            request.notAppended();
        } else {
            Rereading rereading = new Rereading(request, values, alive, page.more(), expired.size());
            for (Bytes key : expired) {
                queue(key, rereading.of(key));
            }
        }
    }

    /**
     * Completes a list that met expired keys: each is read once more, by which its deletion is committed; or what replaces it,
     * if a write that found it alive is in flight.
     */
    private static final class Rereading {
        private final Request request;
        private final boolean values;
        private final List<Outcome.Item> items;
        private final boolean more;
        private int missing;

        Rereading(Request request, boolean values, List<Outcome.Item> alive, boolean more, int missing) {
            this.request = request;
            this.values = values;
            this.items = new ArrayList<>(alive);
            this.more = more;
            this.missing = missing;
        }

        Request of(Bytes key) {
            return new Request(new Operation.Get(key, false), request.deadlineMs(), new Request.Origin() {
                @Override
                public void answered(Outcome outcome) {
                    if (outcome instanceof Outcome.Failed) {
                        giveUp();
                        return;
                    }
                    if (outcome instanceof Outcome.Found found) {
                        Stored stored = found.stored();
                        Bytes value = values ? stored.value() : Bytes.EMPTY;
                        items.add(new Outcome.Item(key, new Stored(value, stored.version(), stored.expiresAtMs())));
                    }
                    if (missing > 0 && --missing == 0) {
                        items.sort(Comparator.comparing(Outcome.Item::key));
                        request.answer(new Outcome.Page(List.copyOf(items), more));
                    }
                }

                @Override
                public void notAppended() {
                    giveUp();
                }
            });
        }

        private void giveUp() {
            // A list changes nothing: it may be tried again, whatever became of the deletions.
            if (missing > 0) {
                missing = 0;
                request.notAppended();
            }
        }
    }

    private void queue(Bytes key, Request request) {
        ArrayDeque<Request> line = lines.get(key);
        if (line != null) {
            line.add(request);
            return;
        }
        InFlight newest = inFlight.get(key);
        if (newest != null) {
            evaluate(key, request, newest);
            return;
        }
        ArrayDeque<Request> opened = new ArrayDeque<>();
        opened.add(request);
        lines.put(key, opened);
        host.lookup(partition, key, stored -> lookedUp(key, opened, stored));
    }

    private void lookedUp(Bytes key, ArrayDeque<Request> line, @Nullable Stored stored) {
        if (ended) {
            return;
        }
        lines.remove(key, line);
        for (Request request : line) {
            InFlight newest = inFlight.get(key);
            evaluate(key, request, newest == null ? new InFlight(0, stored) : newest);
        }
    }

    private void evaluate(Bytes key, Request request, InFlight newest) {
        Stored stored = newest.stored();
        long wallMs = host.now().wallMs();
        boolean expired = stored != null && stored.expiredAt(wallMs);
        long version = stored == null || expired ? 0 : stored.version();
        switch (request.operation()) {
            case Operation.Put put -> {
                if (!put.condition().holds(version)) {
                    withoutEffect(key, request, newest, expired, new Outcome.ConditionFailed(version));
                } else if (admits(request)) {
                    long expiresAtMs = put.ttlMs() == 0 ? 0 : wallMs + put.ttlMs();
                    long seq = append(
                            key,
                            new Change.Put(key, put.value(), expiresAtMs),
                            seqOf -> new Stored(put.value(), seqOf, expiresAtMs));
                    written.add(new Written(seq, request, new Outcome.Written(seq, version == 0)));
                }
            }
            case Operation.Delete delete -> {
                if (version == 0 && delete.condition().equals(Condition.ALWAYS)) {
                    withoutEffect(key, request, newest, expired, new Outcome.NotFound());
                } else if (!delete.condition().holds(version)) {
                    withoutEffect(key, request, newest, expired, new Outcome.ConditionFailed(version));
                } else if (admits(request)) {
                    long seq = append(key, new Change.Delete(key), seqOf -> null);
                    written.add(new Written(seq, request, new Outcome.Deleted(seq)));
                }
            }
            case Operation.Expire expire -> withoutEffect(key, request, newest, expired, new Outcome.NotFound());
            case Operation.Get get -> {
                if (stored != null && !expired) {
                    // In flight, or written anew while the deletion of its expired value waited.
                    withoutEffect(key, request, newest, false, new Outcome.Found(stored));
                } else {
                    withoutEffect(key, request, newest, expired, new Outcome.NotFound());
                }
            }
            case Operation.Scan scan -> throw new IllegalArgumentException("not of one key: " + scan);
        }
    }

    /** Answers, when the time has come, that nothing was changed; but what was seen to have expired is deleted first. */
    private void withoutEffect(Bytes key, Request request, InFlight newest, boolean expired, Outcome outcome) {
        long seq = newest.seq();
        if (expired) {
            if (!admits(request)) {
                return;
            }
            seq = append(key, new Change.Delete(key), seqOf -> null);
        }
        if (seq <= copy.commitSeq() && reign.leaseHolds()) {
            request.answer(outcome);
        } else {
            unchanged.add(new Unchanged(seq, request, outcome));
        }
    }

    private boolean admits(Request request) {
        Failure refusal = reign.refusal();
        if (refusal != null) {
            request.answer(Outcome.failed(refusal));
            return false;
        }
        return true;
    }

    private long append(Bytes key, Change change, LongFunction<@Nullable Stored> result) {
        long seq = reign.append(change);
        inFlight.put(key, new InFlight(seq, result.apply(seq)));
        inFlightOrder.add(Map.entry(seq, key));
        return seq;
    }

    /** Answers what can be answered now. */
    void settle() {
        long applied = copy.appliedSeq();
        long committed = copy.commitSeq();
        while (!inFlightOrder.isEmpty() && inFlightOrder.getFirst().getKey() <= applied) {
            Map.Entry<Long, Bytes> oldest = inFlightOrder.removeFirst();
            InFlight newest = inFlight.get(oldest.getValue());
            if (newest != null && newest.seq() == oldest.getKey()) {
                inFlight.remove(oldest.getValue());
            }
        }
        while (!written.isEmpty() && written.getFirst().seq() <= committed) {
            Written first = written.removeFirst();
            first.request().answer(first.outcome());
        }
        scan();
        if ((unchanged.isEmpty() && leaseless.isEmpty()) || !reign.leaseHolds()) {
            return;
        }
        for (Iterator<Unchanged> each = unchanged.iterator(); each.hasNext(); ) {
            Unchanged next = each.next();
            if (next.seq() <= committed) {
                each.remove();
                next.request().answer(next.outcome());
            }
        }
        List<Request> reads = List.copyOf(leaseless);
        leaseless.clear();
        reads.forEach(this::read);
    }

    /** Answers what nobody may wait for any longer. */
    void expire(long nowMs) {
        written.removeIf(each -> due(each.request(), nowMs, Failure.UNKNOWN));
        unchanged.removeIf(each -> due(each.request(), nowMs, Failure.NO_PRIMARY));
        leaseless.removeIf(each -> due(each, nowMs, Failure.NO_PRIMARY));
        scanning.removeIf(each -> due(each.request(), nowMs, Failure.NO_PRIMARY));
        for (ArrayDeque<Request> line : lines.values()) {
            line.removeIf(each -> due(each, nowMs, Failure.NO_PRIMARY));
        }
    }

    private static boolean due(Request request, long nowMs, Failure failure) {
        if (request.deadlineMs() > nowMs) {
            return false;
        }
        request.answer(Outcome.failed(failure));
        return true;
    }

    /**
     * The reign is over.
     *
     * @param commitSeq entries up to here are committed, whoever reigns now
     * @param undecided takes the writes beyond
     */
    void end(long commitSeq, Undecided undecided) {
        ended = true;
        for (Written each : written) {
            if (each.seq() <= commitSeq) {
                each.request().answer(each.outcome());
            } else {
                undecided.add(copy.log().idAt(each.seq()), each.request(), each.outcome());
            }
        }
        written.clear();
        unchanged.forEach(each -> each.request().notAppended());
        unchanged.clear();
        leaseless.forEach(Request::notAppended);
        leaseless.clear();
        scanning.forEach(each -> each.request().notAppended());
        scanning.clear();
        lines.values().forEach(line -> line.forEach(Request::notAppended));
        lines.clear();
        inFlight.clear();
        inFlightOrder.clear();
    }
}
