package dev.kvstore.core.node;

import dev.kvstore.core.data.Outcome;
import dev.kvstore.core.io.Settings;
import dev.kvstore.core.message.Message;
import dev.kvstore.core.message.PeerId;
import dev.kvstore.core.replication.Request;
import dev.kvstore.core.ring.Ring;
import java.util.function.BiPredicate;

/** Operations that other members forward to this one, as many at a time as is allowed. */
final class Forwards {
    private final Member member;
    private final Early early;
    private final BiPredicate<Integer, Request> local;
    private int ops;
    private long bytes;

    /**
     * None is under way.
     *
     * @param early keeps those that come before the ring that they are for
     * @param local submits a request to this member's replica of a partition; false when it has none that could take it
     */
    Forwards(Member member, Early early, BiPredicate<Integer, Request> local) {
        this.member = member;
        this.early = early;
        this.local = local;
    }

    int ops() {
        return ops;
    }

    long bytes() {
        return bytes;
    }

    /** An operation that another member forwards; one too many is refused at once. */
    void take(PeerId from, Message.Forward forward) {
        Settings settings = member.settings();
        if (ops >= settings.inFlightOps() || bytes >= settings.inFlightBytes()) {
            member.send(
                    from.name(), new Message.Forwarded(forward.attempt(), Outcome.failed(Outcome.Failure.OVERLOADED)));
            return;
        }
        Ring ring = member.ringOrNull();
        if (ring == null) {
            refuse(from, forward);
            return;
        }
        long nowMs = member.now().monoMs();
        int partition = Router.partitionOf(forward.operation(), ring);
        Request request = new Request(
                forward.operation(),
                nowMs + forward.remainingMs(),
                origin(from.name(), forward.attempt(), forward.operation().sizeBytes()));
        if (local.test(partition, request)) {
            return;
        }
        if (member.rings().expects(partition, member.self())) {
            early.forward(partition, request, nowMs);
        } else {
            request.origin().notAppended();
        }
    }

    /** Answers an operation that this member will not carry out. */
    void refuse(PeerId from, Message.Forward forward) {
        member.send(
                from.name(),
                new Message.NotAppended(forward.attempt(), member.rings().version()));
    }

    private Request.Origin origin(String from, long attempt, int sizeBytes) {
        ops++;
        bytes += sizeBytes;
        return new Request.Origin() {
            @Override
            public void answered(Outcome outcome) {
                end(new Message.Forwarded(attempt, outcome));
            }

            @Override
            public void notAppended() {
                end(new Message.NotAppended(attempt, member.rings().version()));
            }

            private void end(Message answer) {
                ops--;
                bytes -= sizeBytes;
                member.send(from, answer);
            }
        };
    }
}
