package dev.kvstore.cli.command;

import dev.kvstore.cli.model.NodeAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options of commands that ask nodes. */
public final class ClusterOptions {
    /** By this label the prompt knows where to offer addresses. */
    public static final String LABEL = "HOST:PORT";

    @Option(
            names = {"--node", "--nodes"},
            split = ",",
            paramLabel = LABEL,
            description = "The node to ask; several, by commas or by repeating it, are asked in turn. "
                    + "By default the nodes of the data folder, else localhost:8001 to 8003.")
    List<NodeAddress> nodes = List.of();

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "How long a node may take for an answer, as in 500ms or 30s (10s by default).")
    Optional<Duration> timeout = Optional.empty();

    /** The time that a node may take for an answer, where the user has not said another. */
    public void unlessGiven(Duration otherwise) {
        timeout = timeout.or(() -> Optional.of(otherwise));
    }
}
