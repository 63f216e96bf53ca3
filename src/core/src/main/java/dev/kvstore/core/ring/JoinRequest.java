package dev.kvstore.core.ring;

/**
 * A primary's request to count a member among a partition's in-sync members. It holds only at this epoch and only for this
 * store.
 */
public record JoinRequest(int partition, long epoch, String member, String storeId) {}
