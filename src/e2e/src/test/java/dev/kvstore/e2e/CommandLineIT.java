package dev.kvstore.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.testkit.load.KvClient;
import dev.kvstore.testkit.process.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a user types, and what a user mistypes, with the packaged programs. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Order(Local.LONG)
class CommandLineIT {
    private static final int LONGEST_S = 90;

    @TempDir
    private Path directory = Path.of("");

    /** How a command ended and what it said. */
    private record Ended(int code, String out, String err) {}

    @Test
    void aClusterIsStartedAskedBrokenAndForgotten() throws Exception {
        Path data = directory.resolve("data");
        int port = FreePorts.neighbours(3, 10_000);
        Ended up = kvstore(List.of("up", "--data", data.toString(), "--base-port", String.valueOf(port)), "");
        try {
            assertThat(up.code()).as(up.err()).isZero();
            assertThat(ask(data, "put", "user1", "Alice").out()).startsWith("created");
            assertThat(ask(data, "get", "user1").out()).startsWith("Alice");
            byte[] bytes = {0, 1, (byte) 0xFF, '\n'};
            assertThat(kvstore(
                                    List.of("put", "raw", "-", "--data", data.toString()),
                                    new String(bytes, StandardCharsets.ISO_8859_1))
                            .code())
                    .isZero();
            assertThat(ask(data, "get", "raw").out().getBytes(StandardCharsets.ISO_8859_1))
                    .isEqualTo(bytes);
            assertThat(ask(data, "put", "user1", "Bob", "--if-absent").code()).isEqualTo(1);
            assertThat(ask(data, "get", "nobody").code()).isEqualTo(1);
            assertThat(ask(data, "put", "user1", "x", "--ttl", "soon").code()).isEqualTo(2);
            assertThat(ask(data, "status").out()).contains("node1", "node2", "node3", "128 fully in sync");
            assertThat(ask(data, "locate", "user1").out()).contains("partition", "primary");

            succeed(data, "kill", "node2");
            assertThat(ask(data, "get", "user1").out()).startsWith("Alice");
            succeed(data, "start", "node2");
            succeed(data, "stop", "node3");
            succeed(data, "put", "user2", "Bob");

            succeed(data, "down");
            assertThat(ask(data, "get", "user1").code()).isEqualTo(3);
            succeed(data, "up");
            assertThat(ask(data, "get", "user1").out()).startsWith("Alice");
            assertThat(ask(data, "get", "user2").out()).startsWith("Bob");
        } finally {
            ask(data, "down", "--wipe");
        }
        assertThat(data).doesNotExist();
    }

    @Test
    void aNodeOnAPortInUseSaysSoAndTouchesNothing() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Ended node = node("n1", taken.getLocalPort(), "data", "coordination");
            assertThat(node.code()).isEqualTo(3);
            assertThat(node.err())
                    .contains(String.valueOf(taken.getLocalPort()))
                    .doesNotContain("\tat ");
            assertThat(directory.resolve("data")).doesNotExist();
        }
    }

    @Test
    void aNodeRefusesFoldersThatAreNotItsOwn() throws Exception {
        int port = FreePorts.withOffset(10_000);
        Process first = start("n1", port, "data", "coordination");
        try {
            awaitReady(first, port);
            Ended second = node("n1", FreePorts.withOffset(10_000), "data", "coordination");
            assertThat(second.code()).isEqualTo(3);
            assertThat(second.err()).contains("in use").doesNotContain("\tat ");
        } finally {
            first.destroy();
            assertThat(first.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        Map<String, byte[]> before = files(directory.resolve("data"));

        Ended other = node("n2", port, "data", "coordination");
        assertThat(other.code()).isEqualTo(3);
        assertThat(other.err()).contains("n1").doesNotContain("\tat ");

        Process stranger = start("n1", port, "elsewhere", "other-coordination");
        try {
            awaitReady(stranger, port);
        } finally {
            stranger.destroy();
            assertThat(stranger.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        Ended foreign = node("n1", port, "data", "other-coordination");
        assertThat(foreign.code()).isEqualTo(3);
        assertThat(foreign.err()).contains("cluster").doesNotContain("\tat ");
        assertThat(files(directory.resolve("data")).keySet()).isEqualTo(before.keySet());

        Path manifest = find(directory.resolve("data"), "MANIFEST-");
        Files.write(manifest, new byte[] {1, 2, 3});
        Ended corrupt = node("n1", port, "data", "coordination");
        assertThat(corrupt.code()).isEqualTo(3);
        assertThat(corrupt.err()).contains("data", "MANIFEST").doesNotContain("\tat ");
    }

    private void succeed(Path data, String... command) throws Exception {
        Ended ended = ask(data, command);
        assertThat(ended.code()).as(ended.err()).isZero();
    }

    private Ended ask(Path data, String... command) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(List.of("--data", data.toString()));
        return kvstore(arguments, "");
    }

    private Ended kvstore(List<String> arguments, String input) throws Exception {
        return ended(builder(Local.command(arguments.toArray(String[]::new))).start(), input);
    }

    private Ended node(String name, int port, String data, String coordination) throws Exception {
        return ended(start(name, port, data, coordination), "");
    }

    private Process start(String name, int port, String data, String coordination) throws IOException {
        return builder(Local.command(
                        "node",
                        name,
                        "localhost",
                        String.valueOf(port),
                        "--replication",
                        "1",
                        "--data",
                        directory.resolve(data).toString(),
                        "--coordination",
                        directory.resolve(coordination).toString()))
                .start();
    }

    private static ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("KVSTORE_NO_BUILD", "1");
        // with this mode a cache that does not fit ends the JVM, be it a command's or a node's
        builder.environment().put("JDK_JAVA_OPTIONS", "-XX:AOTMode=on");
        return builder;
    }

    private Ended ended(Process process, String input) throws Exception {
        Path err = Files.createTempFile(directory, "err", ".txt");
        Thread reader = Thread.ofVirtual().start(() -> {
            try {
                Files.copy(process.getErrorStream(), err, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        });
        // Whatever hangs is ended, and its output tells the rest.
        Executor late = CompletableFuture.delayedExecutor(LONGEST_S, TimeUnit.SECONDS);
        late.execute(process::destroyForcibly);
        process.getOutputStream().write(input.getBytes(StandardCharsets.ISO_8859_1));
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        int code = process.waitFor();
        reader.join();
        return new Ended(code, out, Files.readString(err) + out);
    }

    private static void awaitReady(Process process, int port) throws Exception {
        try (KvClient http = new KvClient(Duration.ofSeconds(5))) {
            Local.put(http, URI.create("http://localhost:" + port), "key", "value");
        }
        assertThat(process.isAlive()).isTrue();
    }

    private static Path find(Path root, String prefix) throws IOException {
        try (var all = Files.walk(root)) {
            return all.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Map<String, byte[]> files(Path root) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                files.put(root.relativize(file).toString(), Files.readAllBytes(file));
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }
}
