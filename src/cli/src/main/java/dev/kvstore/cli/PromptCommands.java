package dev.kvstore.cli;

import dev.kvstore.cli.command.ClusterOptions;
import dev.kvstore.cli.command.KvstoreCommand;
import dev.kvstore.cli.command.NodeParameter;
import dev.kvstore.cli.command.Session;
import dev.kvstore.cli.local.LocalCluster;
import dev.kvstore.cli.local.LocalNode;
import dev.kvstore.cli.model.NodeAddress;
import dev.kvstore.cli.output.Failure;
import dev.kvstore.cli.output.Output;
import dev.kvstore.cli.prompt.Completion;
import dev.kvstore.cli.prompt.Lines;
import dev.kvstore.cli.prompt.PipedLines;
import dev.kvstore.cli.prompt.Prompt;
import dev.kvstore.cli.prompt.TerminalLines;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Connects the prompt with the commands. */
final class PromptCommands {
    private PromptCommands() {}

    /** Runs the prompt until its end. {@code nodes}: whom it asks, for the first line that a person sees. */
    static int run(Session session, List<NodeAddress> nodes) {
        Output output = session.output();
        KvstoreCommand kvstore = new KvstoreCommand(session);
        if (!output.terminal()) {
            return prompt(session, kvstore, new PipedLines(session.in())).run();
        }
        output.progress("kvstore %s, asking %s. 'help' lists the commands, Tab completes, Ctrl-D quits."
                .formatted(
                        ProgramVersion.text(),
                        nodes.stream().map(NodeAddress::toString).collect(Collectors.joining(", "))));
        try (TerminalLines lines = new TerminalLines(session.settings().historyFile(), completion(kvstore, nodes))) {
            return prompt(session, kvstore, lines).run();
        }
    }

    static Completion completion(KvstoreCommand kvstore, List<NodeAddress> nodes) {
        return new Completion(
                Commands.tree(kvstore).getCommandSpec(),
                Map.of(NodeParameter.LABEL, nodeNames(kvstore), ClusterOptions.LABEL, () -> texts(nodes)));
    }

    private static Prompt prompt(Session session, KvstoreCommand kvstore, Lines lines) {
        return new Prompt(
                lines,
                session.output(),
                Commands.tree(kvstore).getCommandSpec(),
                words -> Commands.run(session, words));
    }

    private static List<String> texts(List<NodeAddress> nodes) {
        return nodes.stream().map(NodeAddress::toString).toList();
    }

    /** Asked for at each completion: the prompt's own {@code up} may have made the cluster. */
    private static Supplier<List<String>> nodeNames(KvstoreCommand kvstore) {
        return () -> cluster(kvstore).stream()
                .flatMap(cluster -> cluster.nodes().stream())
                .map(LocalNode::name)
                .toList();
    }

    private static Optional<LocalCluster> cluster(KvstoreCommand kvstore) {
        try {
            return kvstore.folder().cluster();
        } catch (Failure e) {
            // the command itself will say that the file is damaged
            return Optional.empty();
        }
    }
}
