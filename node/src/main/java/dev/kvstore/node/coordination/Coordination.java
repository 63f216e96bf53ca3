package dev.kvstore.node.coordination;

import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Input;
import dev.kvstore.core.ring.Desired;
import dev.kvstore.core.ring.Ring;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The leader's Lease, the register of the ring, and the desired state, wherever they are kept.
 *
 * <p>From {@link #start} on, the sink is told:
 *
 * <ul>
 *   <li>{@link Input.RegisterRead}: what the register holds, at the start, at every change, and after every proposal that was
 *       lost or has an unknown outcome; never an older state after a newer one;
 *   <li>{@link Input.LeaderIs}: who holds the Lease, at every change. From the start on this node asks for it whenever it is
 *       free. That a node is told to hold it proves nothing: whoever leads may have been replaced already;
 *   <li>{@link Input.DesiredIs}: the desired state, at the start and at every change;
 *   <li>{@link Input.Proposed}: the answer to each proposal.
 * </ul>
 *
 * No method but {@link #ringInRegister} and {@link #close} waits for anything, and all may be called on any thread. An
 * outage only delays; nothing is thrown after the start. The sink is called on threads of the implementation and must not
 * block.
 */
public interface Coordination extends AutoCloseable {
    /**
     * The register's ring, for a check before the start.
     *
     * @return empty when the register holds no ring, or none that can be read within a bounded time: an outage must not keep
     *     a node from serving what it has
     */
    Optional<Ring> ringInRegister();

    /** Begins to watch, to contend for the Lease, and to answer. Once only. */
    void start(Consumer<Input> sink);

    /** Puts a ring into the register if that is still in the state that the token names. */
    void propose(Effect.ProposeRing proposal);

    /** Gives the Lease up, if this node holds it, and does not ask for it before this time in milliseconds has passed. */
    void resign(long forMs);

    /**
     * Sees to it that the desired state knows this node and what its user has asked for; tries until it is so. Of no effect
     * where somebody else writes the desired state.
     */
    void declare(Declaration declaration);

    /**
     * Changes the desired state.
     *
     * @return completed with the new state; exceptionally with an {@link OrderRefusedException} when the order, or the place where
     *     the state is kept, does not allow it, and with a {@link CoordinationException} when the state cannot be reached
     */
    CompletionStage<Desired> order(Order order);

    /** A change that whoever operates the cluster orders. May be asked several times, when others change the state as well. */
    interface Order {
        /**
         * The state that is wanted, given the present one.
         *
         * @throws OrderRefusedException when that cannot be
         */
        Desired amend(Desired present) throws OrderRefusedException;
    }

    /** What was counted. */
    CoordinationMetrics metrics();

    /** Releases the Lease, within a bounded time, and ends. */
    @Override
    void close();
}
