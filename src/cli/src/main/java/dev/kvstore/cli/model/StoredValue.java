package dev.kvstore.cli.model;

/** A value as it was put, and the version of its key. */
public record StoredValue(byte[] value, long version) {}
