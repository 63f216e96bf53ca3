package dev.kvstore.cli.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The command that a node is started with. */
final class NodeCommandLine {
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    private NodeCommandLine() {}

    static List<String> of(Settings settings, DataFolder folder, LocalCluster cluster, LocalNode node, boolean refill) {
        List<String> command = new ArrayList<>(detached());
        command.add(settings.java());
        command.addAll(settings.sharedNodeFlags());
        command.addAll(settings.nodeFlags());
        command.addAll(List.of("-jar", settings.nodeProgram().toString()));
        command.addAll(List.of(node.name(), LocalNode.HOST, Integer.toString(node.port())));
        if (cluster.nodes().size() > 1) {
            command.add(peers(cluster, node));
        }
        command.addAll(List.of("--data", folder.nodeData(node.name()).toString()));
        command.addAll(List.of("--coordination", folder.coordination().toString()));
        node.zone().ifPresent(zone -> command.addAll(List.of("--zone", zone)));
        command.addAll(List.of("--replication", Integer.toString(cluster.replication())));
        if (refill) {
            command.add("--refill");
        }
        return command;
    }

    private static String peers(LocalCluster cluster, LocalNode node) {
        return cluster.nodes().stream()
                .filter(other -> !other.equals(node))
                .map(other -> other.address().toString())
                .collect(Collectors.joining(","));
    }

    /** A session of its own, so that neither Ctrl-C nor the end of the terminal reaches the node. */
    private static List<String> detached() {
        return Files.isExecutable(SETSID)
                ? List.of(SETSID.toString())
                : List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "sh");
    }
}
