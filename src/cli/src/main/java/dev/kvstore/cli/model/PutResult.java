package dev.kvstore.cli.model;

/**
 * What a put did.
 *
 * @param created the key was absent before
 * @param version the key's version now
 */
public record PutResult(boolean created, long version) {}
