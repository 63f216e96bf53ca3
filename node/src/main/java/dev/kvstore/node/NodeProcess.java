package dev.kvstore.node;

import io.quarkus.arc.Arc;
import io.quarkus.arc.ArcContainer;
import io.quarkus.runtime.Application;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigValidationException;
import java.net.BindException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * The life of the process: start, and an end in which HTTP still answers while the node hands over. Quarkus' own way to run an
 * application closes HTTP first, so the application is started and stopped here.
 */
final class NodeProcess {
    private static final Logger LOG = Logger.getLogger(NodeProcess.class);
    private static final int DEFECT = 1;

    /** What the configuration's messages contain, and users have no use for. */
    private static final Pattern EXCEPTION_NAME = Pattern.compile("\\bjava\\.[\\w.]+: |SRCFG\\d+: ");

    private final Application application;
    private volatile boolean started;

    private NodeProcess(Application application) {
        this.application = application;
    }

    /** Runs the node; returns once it runs, and ends the process when it cannot. */
    static void run() {
        try {
            Application application = Class.forName(
                            Application.APP_CLASS_NAME,
                            true,
                            Thread.currentThread().getContextClassLoader())
                    .asSubclass(Application.class)
                    .getDeclaredConstructor()
                    .newInstance();
            new NodeProcess(application).start();
        } catch (ReflectiveOperationException e) {
            LOG.error("the program is not packaged as it should be", e);
            exit(DEFECT);
        }
    }

    /** Ends the process at once, as if it was killed: what it holds in memory must not do anything any more. */
    static void fail(String message) {
        System.err.println("kvstore: " + message);
        System.err.flush();
        Runtime.getRuntime().halt(DEFECT);
    }

    private void start() {
        Thread end = new Thread(this::end, "shutdown");
        Runtime.getRuntime().addShutdownHook(end);
        try {
            application.start(new String[0]);
            started = true;
        } catch (Throwable e) {
            exit(explain(e));
        }
        NodeSettings settings = NodeSettings.of(bean(NodeConfig.class));
        LOG.infof(
                "%s ready on http://%s (peers on %d), data %s",
                settings.name(), settings.address(), settings.peerAddress().port(), settings.data());
    }

    private void end() {
        if (started) {
            bean(NodeLifecycle.class).drain();
            application.stop();
        }
    }

    private static <T> T bean(Class<T> type) {
        ArcContainer container = Arc.container();
        return container.instance(type).get();
    }

    private static int explain(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case UserError error -> {
                    return complain(error.exitCode(), String.valueOf(error.getMessage()));
                }
                case ConfigValidationException invalid -> {
                    return complain(UserError.USAGE, problems(invalid));
                }
                case ConfigurationException invalid -> {
                    return complain(UserError.USAGE, "the configuration is wrong: " + invalid.getMessage());
                }
                case BindException taken -> {
                    return complain(
                            UserError.UNABLE,
                            "the port for clients cannot be used (" + taken.getMessage()
                                    + "): stop whoever listens there, or choose another");
                }
                default -> {}
            }
        }
        LOG.error("the node cannot start", e);
        return DEFECT;
    }

    private static int complain(int exitCode, String message) {
        System.err.println("kvstore: " + message);
        return exitCode;
    }

    private static String problems(ConfigValidationException invalid) {
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < invalid.getProblemCount(); i++) {
            problems.add(EXCEPTION_NAME
                    .matcher(String.valueOf(invalid.getProblem(i).getMessage()))
                    .replaceAll(""));
        }
        return "the configuration is wrong: " + String.join("; ", problems);
    }

    private static void exit(int code) {
        System.err.flush();
        System.exit(code);
    }
}
