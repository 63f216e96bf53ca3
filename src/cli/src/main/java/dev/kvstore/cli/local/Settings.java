package dev.kvstore.cli.local;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What the command line gets from its surroundings.
 *
 * @param home the project's root, from {@code KVSTORE_HOME}
 * @param java the program that runs nodes, from {@code KVSTORE_JAVA}
 * @param nodeFlags more flags for nodes' JVMs, from {@code KVSTORE_NODE_FLAGS}
 * @param historyFile where the prompt remembers its lines
 */
public record Settings(Path home, String java, List<String> nodeFlags, Path historyFile) {
    /** How users start this program; hints name it so. */
    public static final String COMMAND = "./kvstore";

    /** Reads {@code environment} and falls back to {@code properties}, the JVM's own. */
    public static Settings of(Map<String, String> environment, Function<String, String> properties) {
        return new Settings(
                Path.of(value(environment, "KVSTORE_HOME").orElse(""))
                        .toAbsolutePath()
                        .normalize(),
                value(environment, "KVSTORE_JAVA")
                        .orElseGet(() -> Path.of(properties.apply("java.home"), "bin", "java")
                                .toString()),
                value(environment, "KVSTORE_NODE_FLAGS").stream()
                        .flatMap(options -> Stream.of(options.strip().split("\\s+")))
                        .toList(),
                Path.of(value(environment, "HOME").orElseGet(() -> properties.apply("user.home")), ".kvstore_history"));
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    /** Where the cluster lives unless the user says otherwise. */
    public Path defaultData() {
        return home.resolve(".kvstore");
    }

    /** The node's program. */
    public Path nodeProgram() {
        return home.resolve(Path.of("node", "target", "quarkus-app", "node.jar"));
    }

    /**
     * Flags that go before {@link #nodeFlags}: those that nodes have everywhere, and the AOT cache that was made with them. A
     * JVM that the cache was not made for says so and starts without it.
     */
    List<String> sharedNodeFlags() {
        return List.of(
                "@" + home.resolve(Path.of("deploy", "node.jvm")),
                "-XX:AOTCache=" + home.resolve(Path.of("node", "target", "node.aot")));
    }
}
