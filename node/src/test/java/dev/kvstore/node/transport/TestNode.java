package dev.kvstore.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.core.io.Input;
import dev.kvstore.core.message.Message;
import dev.kvstore.core.message.PeerId;
import dev.kvstore.node.transport.codec.Protocol;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** A transport with a queue behind it. */
final class TestNode implements AutoCloseable {
    static final int MAX_VALUE_BYTES = 1 << 20;
    private static final long WAIT_S = 20;

    final PeerId id;
    final String address;
    final Transport transport;
    private final Loop loop;
    final BlockingQueue<Input> inputs = new LinkedBlockingQueue<>();
    final AtomicBoolean congested = new AtomicBoolean();

    /** What was taken from the queue while something else was waited for. */
    final List<Input> passed = new ArrayList<>();

    private TestNode(PeerId id, String clusterId, int version, TransportSettings settings, List<String> peers)
            throws TransportException {
        this.id = id;
        this.address = "127.0.0.1:" + settings.port();
        this.loop = new Loop("loop-" + id.name());
        try {
            this.transport = Transport.open(
                    loop,
                    new LocalPeer(id, address, version, ""),
                    clusterId,
                    peers,
                    settings,
                    inputs::add,
                    congested::get);
        } catch (TransportException e) {
            loop.close();
            throw e;
        }
    }

    static TestNode open(String name, int port, String... peers) throws TransportException {
        return open(new PeerId(name, "store-" + name, 1), "", port, peers);
    }

    static TestNode open(PeerId id, String clusterId, int port, String... peers) throws TransportException {
        return open(id, clusterId, settings(port), peers);
    }

    static TestNode open(PeerId id, String clusterId, TransportSettings settings, String... peers)
            throws TransportException {
        return new TestNode(id, clusterId, Protocol.VERSION, settings, List.of(peers));
    }

    /** One that speaks this version of the protocol at most. */
    static TestNode ofVersion(int version, String name, String... peers) throws TransportException, IOException {
        return new TestNode(new PeerId(name, "store-" + name, 1), "", version, settings(freePort()), List.of(peers));
    }

    static TransportSettings settings(int port) {
        return TransportSettings.of("127.0.0.1", port, MAX_VALUE_BYTES);
    }

    /** Settings with quick signs of life and a short memory of forwarded operations. */
    static TransportSettings quick(int port) {
        TransportSettings usual = settings(port);
        return new TransportSettings(
                usual.bindHost(),
                port,
                usual.maxFrameBytes(),
                usual.queueBytes(),
                usual.connectTimeoutMs(),
                usual.greetingTimeoutMs(),
                usual.backoffMinMs(),
                usual.backoffMaxMs(),
                usual.parkedMs(),
                50,
                usual.silentBeats(),
                usual.maxIncoming(),
                usual.congestionMs(),
                null);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    void send(TestNode to, Message... messages) {
        send(to.id.name(), messages);
    }

    void send(String to, Message... messages) {
        onLoop(() -> {
            for (Message message : messages) {
                transport.send(to, message);
            }
            transport.flush();
        });
    }

    void onLoop(Runnable task) {
        CompletableFuture.runAsync(task, loop.thread()).join();
    }

    void awaitSeen(TestNode... others) throws InterruptedException {
        for (TestNode other : others) {
            awaitInput(new Input.PeerSeen(other.id.name()));
        }
    }

    /** Takes inputs until the wanted one comes; heartbeats of others are none here, so order can be relied on. */
    void awaitInput(Input wanted) throws InterruptedException {
        if (passed.remove(wanted)) {
            return;
        }
        for (Input next = next(); !next.equals(wanted); next = next()) {
            passed.add(next);
        }
    }

    Input next() throws InterruptedException {
        Input next = inputs.poll(WAIT_S, TimeUnit.SECONDS);
        assertThat(next).as("an input of %s; passed: %s", id.name(), passed).isNotNull();
        return next;
    }

    /** Everything that has come in and was not awaited. */
    List<Input> rest() {
        List<Input> rest = new ArrayList<>(passed);
        rest.addAll(inputs);
        return rest;
    }

    static void await(String what, BooleanSupplier holds) throws InterruptedException {
        long untilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime() - untilNs).as("time until %s", what).isNegative();
            Thread.sleep(5);
        }
    }

    @Override
    public void close() {
        transport.close();
        loop.close();
    }
}
