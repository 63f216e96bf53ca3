package dev.kvstore.cli;

import dev.kvstore.cli.local.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.ThreadLocalRandom;

/** Scripts that take the place of the Java which runs nodes, and free ports for them. */
public final class FakeJava {
    // with those for other nodes below the range from which Linux takes the local ports of outgoing connections
    private static final int FIRST_PORT = 11_000;
    private static final int LAST_PORT = 22_000;
    private static final int PEER_PORT_OFFSET = 10_000;
    private static final int TRIES = 100;

    private FakeJava() {}

    /** Makes {@code home} look like a project whose node was built. */
    public static void build(Path home) throws IOException {
        Path program = home.resolve("node/target/quarkus-app/node.jar");
        Files.createDirectories(program.getParent());
        Files.writeString(program, "");
    }

    /** Runs and answers nothing until it is ended. It has no child that could outlive it. */
    public static Path silent(Path folder) throws IOException, InterruptedException {
        return script(folder, """
                exec 3<>"%s"
                echo "started: $*"
                read line <&3""".formatted(pipe(folder)));
    }

    /** The same, but it does not end when it is asked to. */
    public static Path stubborn(Path folder) throws IOException, InterruptedException {
        return script(folder, """
                trap '' TERM
                exec 3<>"%s"
                read line <&3""".formatted(pipe(folder)));
    }

    /** A pipe that nobody ever writes to: reading it takes for ever. */
    private static Path pipe(Path folder) throws IOException, InterruptedException {
        Path pipe = folder.resolve("wait");
        if (new ProcessBuilder("mkfifo", pipe.toString()).inheritIO().start().waitFor() != 0) {
            throw new IOException("no pipe at " + pipe);
        }
        return pipe;
    }

    /** Says why it cannot run, and ends. */
    public static Path failing(Path folder) throws IOException {
        return script(folder, """
                echo 'The data folder is of another cluster.' >&2
                exit 1""");
    }

    /** Runs a stub node with the node's arguments. */
    static Path stubNode(Path folder) throws IOException {
        return script(folder, """
                while [ "$1" != -jar ]; do shift; done
                shift 2
                exec '%s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx64m -cp '%s' %s "$@\"""".formatted(
                        Path.of(System.getProperty("java.home"), "bin", "java"),
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        StubNodeMain.class.getName()));
    }

    private static Path script(Path folder, String text) throws IOException {
        Path script = folder.resolve("fake-java");
        Files.writeString(script, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return script;
    }

    /** The first of {@code count} neighbouring ports that are free, together with those for the other nodes. */
    public static int freePorts(int count) {
        for (int i = 0; i < TRIES; i++) {
            int base = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
            boolean free = true;
            for (int port = base; port < base + count; port++) {
                free &= !Ports.inUse(port) && !Ports.inUse(port + PEER_PORT_OFFSET);
            }
            if (free) {
                return base;
            }
        }
        throw new IllegalStateException("no free ports");
    }
}
