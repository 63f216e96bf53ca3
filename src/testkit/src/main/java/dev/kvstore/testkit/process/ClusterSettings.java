package dev.kvstore.testkit.process;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a {@link LocalCluster} is made of.
 *
 * @param command how a node is started, up to and without its name, such as {@code [./kvstore, node]}; {@code NAME
 *     HOST PORT PEERS --data DIR --coordination DIR} and the options follow
 * @param workingDirectory where the command runs
 * @param directory where data, coordination and logs go
 * @param nodes how many nodes
 * @param options options for every node
 * @param nodeOptions options for single nodes, by name
 * @param environment variables for every node
 * @param hosts where nodes run that do not run on {@link Host#LOCAL}, by name
 */
public record ClusterSettings(
        List<String> command,
        Path workingDirectory,
        Path directory,
        int nodes,
        List<String> options,
        Map<String, List<String>> nodeOptions,
        Map<String, String> environment,
        Map<String, Host> hosts) {

    /** All nodes run on {@link Host#LOCAL}. */
    public ClusterSettings(
            List<String> command,
            Path workingDirectory,
            Path directory,
            int nodes,
            List<String> options,
            Map<String, List<String>> nodeOptions,
            Map<String, String> environment) {
        this(command, workingDirectory, directory, nodes, options, nodeOptions, environment, Map.of());
    }

    public ClusterSettings {
        command = List.copyOf(command);
        options = List.copyOf(options);
        nodeOptions = Map.copyOf(nodeOptions);
        environment = Map.copyOf(environment);
        hosts = Map.copyOf(hosts);
    }

    /**
     * Nodes without options.
     *
     * @param command how a node is started
     * @param directory where data, coordination and logs go
     * @param nodes how many nodes
     * @return the settings, with this process' working directory
     */
    public static ClusterSettings of(List<String> command, Path directory, int nodes) {
        return new ClusterSettings(
                command, Path.of("").toAbsolutePath(), directory, nodes, List.of(), Map.of(), Map.of());
    }

    /**
     * The same with options for every node.
     *
     * @param newOptions such as {@code --replication 3}
     * @return new settings
     */
    public ClusterSettings withOptions(String... newOptions) {
        return new ClusterSettings(
                command, workingDirectory, directory, nodes, List.of(newOptions), nodeOptions, environment, hosts);
    }

    /**
     * The same with variables besides.
     *
     * @param variables for every node
     * @return new settings
     */
    public ClusterSettings withEnvironment(Map<String, String> variables) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(variables);
        return new ClusterSettings(command, workingDirectory, directory, nodes, options, nodeOptions, all, hosts);
    }

    /**
     * The same with nodes on these hosts.
     *
     * @param newHosts where nodes run, by name
     * @return new settings
     */
    public ClusterSettings withHosts(Map<String, Host> newHosts) {
        return new ClusterSettings(
                command, workingDirectory, directory, nodes, options, nodeOptions, environment, newHosts);
    }
}
