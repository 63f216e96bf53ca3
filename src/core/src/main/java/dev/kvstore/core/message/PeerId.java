package dev.kvstore.core.message;

/**
 * Who sent a message: the handshake of its connection tells.
 *
 * @param name the member's name
 * @param storeId id of the store on its disk
 * @param boot number of its start; tells apart two processes of one name
 */
public record PeerId(String name, String storeId, long boot) {}
