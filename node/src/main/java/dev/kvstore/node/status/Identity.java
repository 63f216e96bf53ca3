package dev.kvstore.node.status;

/**
 * Who this node is.
 *
 * @param name the member's name
 * @param zone its failure zone, or empty
 * @param storeId id of the store on its disk
 * @param boot number of this start
 */
public record Identity(String name, String zone, String storeId, long boot) {}
