package dev.kvstore.node.transport;

import dev.kvstore.core.message.PeerId;
import dev.kvstore.node.transport.codec.Protocol;

/**
 * Who this node is to the others.
 *
 * @param peerAddress where they reach it, host:port
 * @param version the newest version of the protocol that it speaks
 * @param place where its cluster coordinates, by a name that no other cluster has and that stays; empty where there is none. By
 *     this a node knows a stranger that has the name and the address of a member, but no data of any cluster yet: pods get
 *     addresses of pods that are gone
 */
public record LocalPeer(PeerId id, String peerAddress, int version, String place) {
    /** One that speaks all that this build knows, at a place without a name. */
    public LocalPeer(PeerId id, String peerAddress) {
        this(id, peerAddress, Protocol.VERSION, "");
    }
}
