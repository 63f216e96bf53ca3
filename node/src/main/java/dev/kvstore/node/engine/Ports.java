package dev.kvstore.node.engine;

import dev.kvstore.core.io.Effect;
import dev.kvstore.core.message.Message;
import dev.kvstore.core.ring.Ring;

/**
 * Where the core's effects go. All methods are called on the core's thread and must return at once; answers come back as
 * inputs, on any thread, also before the method has returned.
 */
public interface Ports {
    /** Carries out an effect that is the storage's. */
    void store(Effect effect);

    /** Sends a message to a member, at the latest with the next {@link #flush}. */
    void send(String to, Message message);

    /** Sends what is waiting. */
    void flush();

    /** Tries to put a ring into the register. */
    void propose(Effect.ProposeRing proposal);

    /** Gives the leader's Lease up for a while. */
    void resign(long forMs);

    /** The core acts on another ring than before. */
    void ring(Ring ring);
}
