package dev.kvstore.e2e.faults;

import dev.kvstore.testkit.load.KvClient;
import java.io.IOException;
import java.net.URI;

/** What a node counts. */
final class Metrics {
    private Metrics() {}

    /** A metric's value, the first one where it has several. */
    static double read(KvClient http, URI node, String name) throws IOException, InterruptedException {
        return http.getPath(node, "/q/metrics")
                .body()
                .name()
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow(() -> new IOException("no metric " + name));
    }
}
