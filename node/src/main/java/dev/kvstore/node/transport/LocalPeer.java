package dev.kvstore.node.transport;

import dev.kvstore.core.message.PeerId;
import dev.kvstore.node.transport.codec.Protocol;

/**
 * Who this node is to the others.
 *
 * @param peerAddress where they reach it, host:port
 * @param version the newest version of the protocol that it speaks
 */
public record LocalPeer(PeerId id, String peerAddress, int version) {
    /** One that speaks all that this build knows. */
    public LocalPeer(PeerId id, String peerAddress) {
        this(id, peerAddress, Protocol.VERSION);
    }
}
