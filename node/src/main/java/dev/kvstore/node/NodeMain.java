package dev.kvstore.node;

import io.quarkus.runtime.annotations.QuarkusMain;
import java.security.Security;
import picocli.CommandLine;

/** The program: one node of a cluster. */
@QuarkusMain
public final class NodeMain {
    /**
     * Keeps the framework from answering a path that is no URI, as one with a brace in it, with a bare 400. Keys are read from
     * the path as it is sent, and the braces of a hash tag are common in them.
     */
    static final String TAKE_ANY_PATH = "vertx.disableURIValidation";

    /** A pod that is replaced has another address a moment later, and a name that is not known yet may be known then. */
    private static final String NAME_CACHE_S = "1";

    private NodeMain() {}

    private static final String EVENT_LOOPS = "quarkus.vertx.event-loops-pool-size";

    /** Takes the arguments as configuration and runs the node. */
    public static void main(String... args) {
        if (args.length > 0) {
            NodeArguments arguments = new NodeArguments();
            CommandLine line = new CommandLine(arguments);
            line.setParameterExceptionHandler((e, all) -> {
                System.err.println("kvstore: " + e.getMessage() + " (try: node --help)");
                return UserError.USAGE;
            });
            int code = line.execute(args);
            if (code != 0 || line.isUsageHelpRequested()) {
                System.exit(code);
            }
            arguments.configure(System::setProperty);
        }
        System.setProperty(TAKE_ANY_PATH, "true");
        spareThreads();
        Security.setProperty("networkaddress.cache.ttl", NAME_CACHE_S);
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
        NodeProcess.run();
    }

    /** The disk's threads and the core's want processors too: with one or two, requests get a single thread. */
    private static void spareThreads() {
        if (System.getProperty(EVENT_LOOPS) == null && Runtime.getRuntime().availableProcessors() <= 2) {
            System.setProperty(EVENT_LOOPS, "1");
        }
    }
}
