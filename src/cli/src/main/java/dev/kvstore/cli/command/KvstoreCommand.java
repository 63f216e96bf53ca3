package dev.kvstore.cli.command;

import dev.kvstore.cli.client.KvClient;
import dev.kvstore.cli.local.DataFolder;
import dev.kvstore.cli.local.LocalCluster;
import dev.kvstore.cli.local.LocalNode;
import dev.kvstore.cli.local.LocalNodes;
import dev.kvstore.cli.local.Settings;
import dev.kvstore.cli.model.Key;
import dev.kvstore.cli.model.NodeAddress;
import dev.kvstore.cli.output.ExitCode;
import dev.kvstore.cli.output.Failure;
import dev.kvstore.cli.output.Output;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The program without a command, which is the prompt; and what all commands share. */
@Command(
        name = "kvstore",
        description = "A replicated key-value store. Without a command: a prompt.",
        synopsisHeading = "Usage: ",
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "Examples:",
            "  kvstore up",
            "  kvstore put user1 Alice",
            "  kvstore get user1",
            "  kvstore help put",
            "",
            "Exit codes: 0 done; 1 not found, or a condition failed; 2 wrong use or input;",
            "3 the cluster cannot be reached or cannot do it now."
        })
public final class KvstoreCommand implements Callable<Integer> {
    private static final List<NodeAddress> USUAL_NODES = IntStream.rangeClosed(8001, 8003)
            .mapToObj(port -> new NodeAddress(LocalNode.HOST, port))
            .toList();

    private final Session session;

    @Mixin
    private ClusterOptions clusterOptions = new ClusterOptions();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "The folder of the cluster on this machine (.kvstore in the project by default).")
    private Path data;

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Tell what goes on; show stack traces.")
    private boolean verbose;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean version;

    /** The program in this session. */
    public KvstoreCommand(Session session) {
        this.session = session;
        this.data = session.defaults().data();
        this.verbose = session.defaults().verbose();
    }

    @Override
    public Integer call() throws InterruptedException {
        // an empty command line at the prompt
        if (session.atPrompt()) {
            return ExitCode.OK;
        }
        Session.Defaults chosen = new Session.Defaults(
                clusterOptions.nodes, data, clusterOptions.timeout.orElse(Session.Defaults.TIMEOUT), verbose);
        return session.prompt().run(session.prompting(chosen), nodes(clusterOptions));
    }

    /** What it shares with the process. */
    public Session session() {
        return session;
    }

    /** Where answers go. */
    public Output output() {
        return session.output();
    }

    /** Whether to tell what goes on. */
    public boolean verbose() {
        return verbose;
    }

    /** The folder of the cluster on this machine. */
    public DataFolder folder() {
        return new DataFolder(data.toAbsolutePath().normalize());
    }

    /**
     * The nodes of the cluster on this machine.
     *
     * @throws Failure when there is none
     */
    public LocalNodes localNodes() {
        LocalCluster cluster = folder().cluster().orElseThrow(() -> noCluster());
        return new LocalNodes(session.settings(), folder(), cluster);
    }

    private Failure noCluster() {
        return Failure.unable(
                "There is no cluster in %s. To make one: %s up".formatted(folder().root(), Settings.COMMAND));
    }

    /** Whether the user named the nodes to ask. */
    public boolean namesNodes(ClusterOptions options) {
        return !(options.nodes.isEmpty()
                && clusterOptions.nodes.isEmpty()
                && session.defaults().nodes().isEmpty());
    }

    /** Whom to ask, in this order. */
    private List<NodeAddress> nodes(ClusterOptions options) {
        for (List<NodeAddress> named :
                List.of(options.nodes, clusterOptions.nodes, session.defaults().nodes())) {
            if (!named.isEmpty()) {
                return named;
            }
        }
        return folder().cluster()
                .map(cluster -> cluster.nodes().stream().map(LocalNode::address).toList())
                .orElse(USUAL_NODES);
    }

    /** Does something with a client, and afterwards learns of other nodes from the one that answered. */
    public <T> T ask(ClusterOptions options, Asking<T> asking) throws InterruptedException {
        try (KvClient client = new KvClient(
                nodes(options),
                folder().learnedNodes(),
                options.timeout
                        .or(() -> clusterOptions.timeout)
                        .orElse(session.defaults().timeout()),
                session.clock(),
                this::trace)) {
            T result = asking.with(client);
            output().flush();
            client.learnOthers();
            return result;
        }
    }

    private void trace(String text) {
        if (verbose) {
            output().error(text);
        }
    }

    /** Says that a key is not there. */
    public int notFound(Key key) {
        output().error("not found: " + key.display());
        return ExitCode.NO;
    }

    /** What a command does with a client. */
    public interface Asking<T> {
        /** Uses the client, which is closed afterwards. */
        T with(KvClient client) throws InterruptedException;
    }
}
