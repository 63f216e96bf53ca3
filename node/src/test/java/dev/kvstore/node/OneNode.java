package dev.kvstore.node;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A real node of a cluster of one, with its data in a new folder. */
public final class OneNode implements QuarkusTestResourceLifecycleManager {
    private @Nullable Path folder;

    @Override
    public Map<String, String> start() {
        // as the main program does
        System.setProperty(NodeMain.TAKE_ANY_PATH, "true");
        try {
            Path made = Files.createTempDirectory(Path.of("target"), "node-");
            folder = made;
            String port = Integer.toString(freePort());
            return Map.ofEntries(
                    Map.entry("kvstore.name", "node1"),
                    Map.entry("kvstore.port", port),
                    Map.entry("kvstore.peer-port", Integer.toString(freePort())),
                    Map.entry("kvstore.replication-factor", "1"),
                    Map.entry("kvstore.partitions", "16"),
                    Map.entry("kvstore.data", made.resolve("data").toString()),
                    Map.entry(
                            "kvstore.coordination", made.resolve("coordination").toString()),
                    Map.entry("kvstore.limits.max-value-bytes", "100000"),
                    Map.entry("kvstore.body-timeout", "2s"),
                    Map.entry("quarkus.http.test-port", port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        Path made = folder;
        if (made == null) {
            return;
        }
        try (Stream<Path> files = Files.walk(made)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
