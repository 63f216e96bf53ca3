package dev.kvstore.node.coordination.folder;

import dev.kvstore.core.io.Input;
import dev.kvstore.core.io.Input.Proposed.Result;
import dev.kvstore.core.ring.Desired;
import dev.kvstore.node.coordination.Coordination;
import dev.kvstore.node.coordination.CoordinationMetrics;
import dev.kvstore.node.coordination.Declaration;
import dev.kvstore.node.coordination.DesiredFormatException;
import dev.kvstore.node.coordination.DesiredJson;
import dev.kvstore.node.coordination.OrderRefusedException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Watches the desired state, and changes it until it knows this node, unless that was ordered away. For one thread, but for
 * {@link #declare}.
 */
final class DesiredWatch {
    private static final Logger LOG = Logger.getLogger(DesiredWatch.class);
    private static final long NOTHING = -1;

    /** Compare-and-sets in a row; nodes that start together get in each other's way. */
    private static final int ATTEMPTS = 20;

    private final Register<Desired> register;
    private long reported = NOTHING;
    private final AtomicReference<@Nullable Declaration> pending = new AtomicReference<>();

    DesiredWatch(NumberedFiles files, CoordinationMetrics metrics) {
        this.register = new Register<>(files, new DesiredFormat(), metrics);
    }

    private static final class DesiredFormat implements Format<Desired> {
        @Override
        public String write(Desired desired) {
            return DesiredJson.write(desired);
        }

        @Override
        public Desired read(String text) throws UnreadableException {
            try {
                return DesiredJson.read(text);
            } catch (DesiredFormatException e) {
                throw new UnreadableException(e);
            }
        }
    }

    /** Takes effect with the next {@link #poll}. On any thread. */
    void declare(Declaration declaration) {
        pending.set(declaration);
    }

    /**
     * Changes the state as ordered.
     *
     * @throws OrderRefusedException when the order cannot be
     * @throws IOException on failure; the order may have been carried out
     */
    Desired order(Coordination.Order order) throws IOException, OrderRefusedException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Register.State<Desired> state = register.read();
            Desired present = state.value();
            if (present == null) {
                throw new OrderRefusedException(
                        "nobody has said yet what the cluster should be; order again when it runs");
            }
            Desired wanted = order.amend(present);
            if (wanted.equals(present)
                    || register.compareAndSet(state.token(), wanted).result() == Result.WON) {
                return wanted;
            }
        }
        throw new IOException("the desired state changes faster than it can be ordered");
    }

    /** Makes what was declared so, and reports the desired state if it has changed. */
    void poll(Consumer<Input> sink) throws IOException {
        Declaration declaration = pending.get();
        if (declaration != null && settle(declaration)) {
            // unless another one has come meanwhile
            pending.compareAndSet(declaration, null);
        }
        long newest = register.newest();
        if (newest != reported) {
            Desired desired = register.read().value();
            if (desired != null) {
                sink.accept(new Input.DesiredIs(desired));
            }
            reported = newest;
        }
    }

    private boolean settle(Declaration declaration) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Register.State<Desired> state = register.read();
            Desired present = state.value();
            Desired wanted = present == null ? declaration.first() : declaration.amend(present);
            if (wanted.equals(present)
                    || register.compareAndSet(state.token(), wanted).result() == Result.WON) {
                if (declaration.isOrderedAway(wanted)) {
                    LOG.warnf(
                            "%s was ordered away from this cluster, and stays away though it runs. To have it back, order it:"
                                    + " ./kvstore scale N, or PATCH /v1/cluster/desired with {\"members\": {\"%s\": \"\"}}",
                            declaration.member(), declaration.member());
                }
                return true;
            }
        }
        return false;
    }
}
