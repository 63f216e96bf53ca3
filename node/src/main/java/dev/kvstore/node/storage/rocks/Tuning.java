package dev.kvstore.node.storage.rocks;

/**
 * Bounds of RocksDB's memory and work.
 *
 * @param blockCacheBytes cache of blocks that were read, indexes and filters included
 * @param writeBufferBytes what was written and is not in a table file yet
 * @param walBytes write-ahead log that a start has to replay at most, roughly
 * @param backgroundJobs flushes and compactions at a time
 */
public record Tuning(long blockCacheBytes, long writeBufferBytes, long walBytes, int backgroundJobs) {}
