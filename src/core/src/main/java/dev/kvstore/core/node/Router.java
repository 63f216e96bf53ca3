package dev.kvstore.core.node;

import dev.kvstore.core.data.Operation;
import dev.kvstore.core.data.Outcome;
import dev.kvstore.core.data.Outcome.Failure;
import dev.kvstore.core.io.Effect;
import dev.kvstore.core.message.Message;
import dev.kvstore.core.replication.Request;
import dev.kvstore.core.ring.Assignment;
import dev.kvstore.core.ring.Ring;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings clients' operations to the partition's primary, wherever that is. A write that was handed to a connection is sent
 * again only when the receiver said that it was not appended.
 */
final class Router {
    private static final long RETRY_MS = 25;
    /** A forwarded operation is answered so long before the client's deadline that the answer still arrives. */
    private static final long MARGIN_MS = 50;

    private final class Call implements Request.Origin {
        final long id;
        final Operation operation;
        final long deadlineMs;
        /** Where it was sent; empty while it waits, "self" is the member's own name. */
        String at = "";

        long attempt;
        long retryMs;

        Call(long id, Operation operation, long deadlineMs) {
            this.id = id;
            this.operation = operation;
            this.deadlineMs = deadlineMs;
        }

        @Override
        public void answered(Outcome outcome) {
            finish(this, outcome);
        }

        @Override
        public void notAppended() {
            waitForRetry(this);
        }
    }

    private final String self;
    private final Outbox outbox;
    private final Supplier<@Nullable Ring> ring;
    private final BiPredicate<Integer, Request> local;
    private final Predicate<String> silent;
    private final Map<Long, Call> calls = new TreeMap<>();
    private final Map<Long, Call> attempts = new HashMap<>();
    private long bytes;
    private long nowMs;

    /**
     * @param local submits a request to this member's replica of a partition; false when it has none that could take it
     * @param silent whether a member has not been heard just now
     */
    Router(
            String self,
            Outbox outbox,
            Supplier<@Nullable Ring> ring,
            BiPredicate<Integer, Request> local,
            Predicate<String> silent) {
        this.self = self;
        this.outbox = outbox;
        this.ring = ring;
        this.local = local;
        this.silent = silent;
    }

    int size() {
        return calls.size();
    }

    long bytes() {
        return bytes;
    }

    void begin(long id, Operation operation, long deadlineMs, long now) {
        nowMs = now;
        Call call = new Call(id, operation, deadlineMs);
        calls.put(id, call);
        bytes += operation.sizeBytes();
        route(call);
    }

    static int partitionOf(Operation operation, Ring ring) {
        return switch (operation) {
            case Operation.Keyed keyed -> ring.partitionOf(keyed.key());
            case Operation.Scan scan -> scan.partition();
        };
    }

    private void route(Call call) {
        Ring current = ring.get();
        call.at = "";
        if (current == null) {
            call.retryMs = nowMs + RETRY_MS;
            return;
        }
        int partition = partitionOf(call.operation, current);
        Assignment assignment = current.partition(partition);
        if (assignment.lost()) {
            finish(call, Outcome.failed(Failure.LOST));
            return;
        }
        boolean anyReplica = call.operation instanceof Operation.Get get && get.stale();
        if (assignment.primary().equals(self) || anyReplica) {
            call.at = self;
            if (local.test(partition, new Request(call.operation, call.deadlineMs, call))) {
                return;
            }
        }
        if (assignment.primary().equals(self)) {
            waitForRetry(call);
            return;
        }
        call.at = assignment.primary();
        call.attempt = outbox.nextId();
        attempts.put(call.attempt, call);
        long remainingMs = Math.max(1, call.deadlineMs - nowMs - MARGIN_MS);
        outbox.send(call.at, new Message.Forward(call.attempt, call.operation, remainingMs));
    }

    private void waitForRetry(Call call) {
        if (calls.get(call.id) == call) {
            forgetAttempt(call);
            call.at = "";
            call.retryMs = nowMs + RETRY_MS;
        }
    }

    private void forgetAttempt(Call call) {
        if (call.attempt != 0) {
            attempts.remove(call.attempt);
            call.attempt = 0;
        }
    }

    private void finish(Call call, Outcome outcome) {
        if (calls.remove(call.id, call)) {
            forgetAttempt(call);
            bytes -= call.operation.sizeBytes();
            outbox.add(new Effect.Reply(call.id, outcome));
        }
    }

    /** The member that an operation was forwarded to has answered. */
    void onForwarded(String from, Message.Forwarded answer) {
        Call call = attempts.get(answer.attempt());
        if (call != null && call.at.equals(from)) {
            finish(call, answer.outcome());
        }
    }

    /** The member that an operation was forwarded to did not append it. */
    void onNotAppended(String from, Message.NotAppended answer, long now) {
        nowMs = now;
        Call call = attempts.get(answer.attempt());
        if (call != null && call.at.equals(from)) {
            waitForRetry(call);
        }
    }

    /** A forwarded operation will not be answered. */
    void onUndelivered(long attempt, boolean handed, long now) {
        nowMs = now;
        Call call = attempts.get(attempt);
        if (call == null) {
            return;
        }
        if (handed && call.operation.writes()) {
            finish(call, Outcome.failed(Failure.UNKNOWN));
        } else {
            waitForRetry(call);
        }
    }

    /** Who is primary may have changed: what waits goes on at once, and a read need not wait for a primary that was. */
    void ringChanged(long now) {
        nowMs = now;
        Ring current = ring.get();
        for (Call call : List.copyOf(calls.values())) {
            boolean moved = current != null
                    && !call.operation.writes()
                    && !call.at.equals(self)
                    && !current.partition(partitionOf(call.operation, current))
                            .primary()
                            .equals(call.at);
            if (call.at.isEmpty() || moved) {
                forgetAttempt(call);
                route(call);
            } else if (isAbandoned(call)) {
                finish(call, Outcome.failed(Failure.UNKNOWN));
            }
        }
    }

    /** The member stops: nothing that waits here was written, and what was forwarded nobody will hear of. */
    void stop() {
        for (Call call : List.copyOf(calls.values())) {
            boolean unknown = !call.at.isEmpty() && !call.at.equals(self) && call.operation.writes();
            finish(call, Outcome.failed(unknown ? Failure.UNKNOWN : Failure.NO_PRIMARY));
        }
    }

    void tick(long now) {
        nowMs = now;
        for (Call call : List.copyOf(calls.values())) {
            if (call.deadlineMs <= now && !call.at.equals(self)) {
                boolean unknown = !call.at.isEmpty() && call.operation.writes();
                finish(call, Outcome.failed(unknown ? Failure.UNKNOWN : Failure.NO_PRIMARY));
            } else if (call.at.isEmpty() && call.retryMs <= now) {
                route(call);
            } else if (isAbandoned(call)) {
                finish(call, Outcome.failed(Failure.UNKNOWN));
            }
        }
    }

    /** Whether it was forwarded to a primary that was dropped since, and is silent: no answer is to be waited for. */
    private boolean isAbandoned(Call call) {
        Ring current = ring.get();
        return current != null
                && !call.at.isEmpty()
                && !call.at.equals(self)
                && call.operation.writes()
                && !current.partition(partitionOf(call.operation, current)).isInSync(call.at)
                && silent.test(call.at);
    }
}
