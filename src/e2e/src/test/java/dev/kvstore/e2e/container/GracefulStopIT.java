package dev.kvstore.e2e.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.testkit.history.Operation;
import dev.kvstore.testkit.history.Outcome;
import dev.kvstore.testkit.load.KvClient;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** A node that is told to stop, as at every update, under the load of clients that are sent to nodes that are ready. */
@Isolated("no request may fail")
@Tag("long")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class GracefulStopIT {
    private static final Duration RECOVERY = Duration.ofMinutes(3);
    private static final int CLIENTS = 6;
    private static final long PAUSE_MS = 30;

    /** So long do endpoints lag behind; well below the time that a node lingers. */
    private static final long LAG_MS = 1_000;

    @Test
    void noRequestFailsWhenOneNodeAfterTheOtherIsStoppedAndStarted() throws Exception {
        String image = NodeImage.require("node");
        Map<String, String> settings = Map.of("KVSTORE_REPLICATION_FACTOR", "2", "KVSTORE_LINGER", "5s");
        try (ContainerCluster cluster = new ContainerCluster(image, 3, settings);
                Clients clients = new Clients(cluster.baseUrls())) {
            cluster.start();
            cluster.awaitInSync(RECOVERY);
            clients.start();
            for (String name : cluster.names()) {
                assertThat(cluster.stop(name)).as("exit code of %s", name).isEqualTo(143);
                cluster.startAgain(name);
                cluster.awaitInSync(RECOVERY);
            }
            clients.close();
            assertThat(clients.failures).isEmpty();
            assertThat(clients.answered).hasValueGreaterThan(500);
        }
    }

    /** Reads and writes through nodes that were ready a while ago, each client over connections that are kept and new ones. */
    private static final class Clients implements AutoCloseable {
        private final List<URI> all;
        private final KvClient http = new KvClient(Duration.ofSeconds(10));
        private final AtomicInteger answered = new AtomicInteger();
        private final Queue<String> failures = new ConcurrentLinkedQueue<>();
        private final List<Thread> threads = new ArrayList<>();
        private volatile List<URI> ready;
        private volatile boolean stopped;

        Clients(List<URI> all) {
            this.all = all;
            this.ready = all;
        }

        void start() {
            threads.add(Thread.ofVirtual().start(this::watch));
            for (int i = 0; i < CLIENTS; i++) {
                Random random = new Random(i);
                threads.add(Thread.ofVirtual().start(() -> ask(random)));
            }
        }

        private void watch() {
            try {
                while (!stopped) {
                    List<URI> now = new ArrayList<>();
                    for (URI each : all) {
                        if (isReady(each)) {
                            now.add(each);
                        }
                    }
                    TimeUnit.MILLISECONDS.sleep(LAG_MS);
                    ready = now;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private boolean isReady(URI node) throws InterruptedException {
            try {
                return http.getPath(node, "/q/health/ready").status() == 200;
            } catch (IOException gone) {
                return false;
            }
        }

        private void ask(Random random) {
            while (!stopped) {
                List<URI> nodes = ready;
                URI node = nodes.get(random.nextInt(nodes.size()));
                String key = "key" + random.nextInt(50);
                Operation operation =
                        random.nextBoolean() ? Operation.get(key) : Operation.put(key, "value" + random.nextInt());
                Outcome outcome = http.execute(node, operation);
                if (outcome instanceof Outcome.Refused || outcome instanceof Outcome.Unknown) {
                    failures.add(operation + " at " + node + ": " + outcome);
                }
                answered.incrementAndGet();
                LockSupport.parkNanos(PAUSE_MS * 1_000_000);
            }
        }

        @Override
        public void close() throws InterruptedException {
            stopped = true;
            for (Thread each : threads) {
                each.join();
            }
            http.close();
        }
    }
}
