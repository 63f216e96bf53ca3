package dev.kvstore.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.e2e.Local;
import dev.kvstore.testkit.history.Condition;
import dev.kvstore.testkit.history.Operation;
import dev.kvstore.testkit.load.Bytes;
import dev.kvstore.testkit.load.KvClient;
import dev.kvstore.testkit.load.Reply;
import dev.kvstore.testkit.process.ClusterSettings;
import dev.kvstore.testkit.process.LocalCluster;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** More than a node can do, and clients that cost much and do little. */
@Isolated("takes all that the machine has")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class OverloadIT {
    private static final long SEED = Long.getLong("kvstore.seed", 34);
    private static final int IDLE = 10_000;

    /** Descriptors that this process and a node need besides. */
    private static final int OTHER_FILES = 4_000;

    private static final int SLOW_READERS = 150;
    private static final int SLOW_SENDERS = 150;
    private static final int PIPELINED = 40;
    private static final int BIG_BYTES = 1 << 20;

    @TempDir
    private Path directory = Path.of("");

    @Test
    void idleConnectionsAndSlowClientsDoNotHarmTheOthers() throws Exception {
        int idle = (int) Math.min(IDLE, openFiles() - OTHER_FILES);
        System.out.println("idle connections: " + idle + (idle < IDLE ? ", as many as ulimit -n allows" : ""));
        List<SocketChannel> clients = new ArrayList<>();
        CountDownLatch over = new CountDownLatch(1);
        try (LocalCluster cluster = Local.threeNodes(directory);
                LoadedCluster loaded = LoadedCluster.start(cluster, "overload", SEED)) {
            int port = cluster.port("node1");
            Local.put(loaded.http(), cluster.baseUrl("node1"), "big", "x".repeat(BIG_BYTES));
            for (int i = 0; i < idle; i++) {
                clients.add(connect(port));
            }
            String get = "GET /v1/keys/big HTTP/1.1\r\nHost: localhost\r\n\r\n";
            for (int i = 0; i < SLOW_READERS; i++) {
                SocketChannel reader = connect(port);
                clients.add(reader);
                send(reader, get.repeat(PIPELINED));
            }
            for (int i = 0; i < SLOW_SENDERS; i++) {
                SocketChannel sender = connect(port);
                clients.add(sender);
                send(
                        sender,
                        "PUT /v1/keys/slow" + i + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + BIG_BYTES
                                + "\r\n\r\n");
                Thread.ofVirtual().start(() -> drip(sender, over));
            }

            loaded.expectService(List.copyOf(cluster.names()), "beside slow clients");
            assertThat(cluster.process("node1").isAlive()).isTrue();
            assertThat(Metrics.read(loaded.http(), cluster.baseUrl("node1"), "kvstore_connections"))
                    .isGreaterThanOrEqualTo(idle);
            loaded.verify();
        } finally {
            over.countDown();
            for (SocketChannel client : clients) {
                client.close();
            }
        }
    }

    /** A body, byte by byte, until the node has had enough. */
    private static void drip(SocketChannel sender, CountDownLatch over) {
        try {
            while (!over.await(100, TimeUnit.MILLISECONDS)) {
                send(sender, "x");
            }
        } catch (IOException refused) {
            // as it may
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void tooMuchIsRefusedAtOnceAndSaidSo() throws Exception {
        ClusterSettings one = Local.settings(directory)
                .withEnvironment(Map.of("KVSTORE_LIMITS_IN_FLIGHT_OPS", "8", "KVSTORE_LIMITS_CONNECTIONS", "200"));
        ClusterSettings alone = new ClusterSettings(
                one.command(), one.workingDirectory(), directory, 1, List.of(), Map.of(), one.environment());
        try (LocalCluster cluster = new LocalCluster(alone);
                KvClient http = new KvClient(Duration.ofSeconds(20))) {
            cluster.startAll();
            cluster.awaitReady(LoadedCluster.RECOVERY);
            URI node = cluster.baseUrl("node1");
            tooManyOperations(http, node);
            tooManyConnections(http, node, cluster.port("node1"));
        }
    }

    private static void tooManyOperations(KvClient http, URI node) throws Exception {
        ConcurrentLinkedQueue<Reply> replies = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<Exception> failures = new ConcurrentLinkedQueue<>();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Bytes key = Bytes.of("key" + i);
            clients.add(Thread.ofVirtual().start(() -> {
                try {
                    for (int n = 0; n < 20; n++) {
                        replies.add(http.put(node, key, Bytes.of("v"), Operation.NO_TTL, Condition.NONE));
                    }
                } catch (IOException | InterruptedException e) {
                    failures.add(e);
                }
            }));
        }
        for (Thread client : clients) {
            client.join();
        }
        assertThat(failures).isEmpty();
        assertThat(replies).extracting(Reply::status).contains(429).containsAnyOf(201, 204);
        assertThat(replies).allSatisfy(reply -> {
            assertThat(reply.status()).isIn(201, 204, 429);
            if (reply.status() == 429) {
                assertThat(reply.problemCode()).isEqualTo("overloaded");
                assertThat(reply.headers().firstValue("Retry-After")).isPresent();
            }
        });
        Local.put(http, node, "after", "the rush");
    }

    private static void tooManyConnections(KvClient http, URI node, int port) throws Exception {
        List<SocketChannel> idle = new ArrayList<>();
        try {
            // those of the rush are still open
            for (int i = 0; i < 200; i++) {
                idle.add(connect(port));
            }
            try (SocketChannel last = connect(port)) {
                send(last, "GET /v1/keys/after HTTP/1.1\r\nHost: localhost\r\n\r\n");
                String answer = readAll(last);
                assertThat(answer)
                        .startsWith("HTTP/1.1 429")
                        .containsIgnoringCase("retry-after: 1")
                        .contains("\"code\":\"overloaded\"");
            }
            // whoever was there before goes on
            Local.expect(http, node, "after", "the rush");
            assertThat(Metrics.read(http, node, "kvstore_connections_refused_total"))
                    .isPositive();
        } finally {
            for (SocketChannel each : idle) {
                each.close();
            }
        }
        try (KvClient another = new KvClient(Duration.ofSeconds(20))) {
            Local.expect(another, node, "after", "the rush");
        }
    }

    private static SocketChannel connect(int port) throws IOException {
        return SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private static void send(SocketChannel channel, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Until the node closes the connection, which it must. */
    private static String readAll(SocketChannel channel) throws IOException {
        return new String(channel.socket().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static long openFiles() throws IOException {
        Path limits = Path.of("/proc/self/limits");
        if (!Files.exists(limits)) {
            return 2L * OTHER_FILES;
        }
        try (var lines = Files.lines(limits)) {
            return lines.filter(line -> line.startsWith("Max open files"))
                    .map(line -> line.split("\\s+")[3])
                    .mapToLong(soft -> soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
