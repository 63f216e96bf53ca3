package dev.kvstore.cli.local;

import java.util.List;
import java.util.Optional;

/** The settings that a user gave to {@code up}; empty ones are as the cluster remembers them, or the defaults. */
public record UpRequest(
        Optional<Integer> nodes,
        Optional<Integer> replication,
        Optional<Integer> basePort,
        Optional<List<String>> zones) {
    /** Nothing given. */
    public static final UpRequest DEFAULTS =
            new UpRequest(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
