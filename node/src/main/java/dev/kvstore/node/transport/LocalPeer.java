package dev.kvstore.node.transport;

import dev.kvstore.core.message.PeerId;

/**
 * Who this node is to the others.
 *
 * @param peerAddress where they reach it, host:port
 */
public record LocalPeer(PeerId id, String peerAddress) {}
