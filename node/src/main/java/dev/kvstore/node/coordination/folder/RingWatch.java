package dev.kvstore.node.coordination.folder;

import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Input;
import dev.kvstore.core.io.Input.Proposed.Result;
import dev.kvstore.core.ring.Ring;
import dev.kvstore.node.codec.RingFormatException;
import dev.kvstore.node.codec.RingJson;
import dev.kvstore.node.coordination.CoordinationMetrics;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** Watches and changes the register of the ring. For one thread. */
final class RingWatch {
    private static final long NOTHING = -1;

    private final Register<Ring> register;
    private final CoordinationMetrics metrics;

    /** Number of the newest file when the register was reported last. */
    private long reported = NOTHING;

    RingWatch(NumberedFiles files, CoordinationMetrics metrics) {
        this.register = new Register<>(files, new RingFormat(), metrics);
        this.metrics = metrics;
    }

    private static final class RingFormat implements Format<Ring> {
        @Override
        public String write(Ring ring) {
            return RingJson.write(ring);
        }

        @Override
        public Ring read(String text) throws UnreadableException {
            try {
                return RingJson.read(text);
            } catch (RingFormatException e) {
                throw new UnreadableException(e);
            }
        }
    }

    Optional<Ring> stored() throws IOException {
        return Optional.ofNullable(register.read().value());
    }

    /** Reports the register if it has changed. */
    void poll(Consumer<Input> sink) throws IOException {
        long newest = register.newest();
        if (newest != reported) {
            Register.State<Ring> state = register.read();
            sink.accept(new Input.RegisterRead(state.token(), state.value()));
            reported = newest;
        }
    }

    /** Tries a compare-and-set, answers, and reports the register. */
    void propose(Effect.ProposeRing proposal, Consumer<Input> sink) throws IOException {
        Register.Outcome outcome = new Register.Outcome(Result.LOST, proposal.token());
        try {
            outcome = register.compareAndSet(proposal.token(), proposal.ring());
        } finally {
            metrics.countProposal(outcome.result());
            sink.accept(new Input.Proposed(proposal.proposal(), outcome.result(), outcome.token()));
            if (outcome.result() != Result.WON) {
                reported = NOTHING;
            }
        }
        poll(sink);
    }
}
