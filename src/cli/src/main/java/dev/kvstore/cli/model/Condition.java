package dev.kvstore.cli.model;

import java.util.Map;

/** What must hold for a write to be done. */
public sealed interface Condition {
    /** The request headers that ask for it. */
    Map<String, String> headers();

    /** Nothing. */
    record None() implements Condition {
        @Override
        public Map<String, String> headers() {
            return Map.of();
        }
    }

    /** The key is not there. */
    record Absent() implements Condition {
        @Override
        public Map<String, String> headers() {
            return Map.of("If-None-Match", "*");
        }
    }

    /** The key has this version. */
    record Version(long version) implements Condition {
        @Override
        public Map<String, String> headers() {
            return Map.of("If-Match", "\"" + version + "\"");
        }
    }
}
