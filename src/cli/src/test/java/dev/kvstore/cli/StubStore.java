package dev.kvstore.cli;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The keys of a stub cluster: a map. Versions grow by one over all keys. */
final class StubStore {
    private final TreeMap<byte[], Entry> entries = new TreeMap<>(Arrays::compareUnsigned);
    private long version;

    /** A value and its version. */
    record Entry(byte[] value, long version) {}

    synchronized Optional<Entry> get(byte[] key) {
        return Optional.ofNullable(entries.get(key));
    }

    synchronized long put(byte[] key, byte[] value) {
        version++;
        entries.put(key, new Entry(value, version));
        return version;
    }

    synchronized boolean delete(byte[] key) {
        return entries.remove(key) != null;
    }

    synchronized Map<byte[], Entry> after(byte[] key) {
        return new TreeMap<>(entries.tailMap(key, false));
    }

    synchronized Map<byte[], Entry> all() {
        return new TreeMap<>(entries);
    }
}
