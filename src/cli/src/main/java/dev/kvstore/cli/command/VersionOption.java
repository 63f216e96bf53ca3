package dev.kvstore.cli.command;

import dev.kvstore.cli.model.Condition;
import dev.kvstore.cli.output.Failure;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option of commands that write over a version which the user has seen. */
public final class VersionOption {
    @Option(
            names = "--if-version",
            paramLabel = "N",
            description = "Only if the key has this version now (get --output json shows it).")
    private Optional<Long> version = Optional.empty();

    /**
     * The condition that was asked for; {@code absent}: the one that the key is not there.
     *
     * @throws Failure when there are two, or one that can never hold
     */
    public Condition condition(boolean absent) {
        if (absent && version.isPresent()) {
            throw Failure.usage("--if-absent and --if-version exclude each other.");
        }
        version.filter(v -> v < 0).ifPresent(v -> {
            throw Failure.usage("--if-version is a version, as 'put' prints it: a number from 0 on.");
        });
        if (absent) {
            return new Condition.Absent();
        }
        return version.<Condition>map(Condition.Version::new).orElseGet(Condition.None::new);
    }
}
