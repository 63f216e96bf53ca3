package dev.kvstore.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Outcome;
import dev.kvstore.core.data.Stored;
import dev.kvstore.core.io.Input;
import dev.kvstore.core.message.Message;
import dev.kvstore.core.message.PeerId;
import dev.kvstore.node.transport.codec.MessageType;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the sender of a forwarded operation learns when things go wrong. */
@Timeout(60)
class ForwardingTest {
    private static final PeerId B = new PeerId("b", "store-b", 1);
    private static final long LONG_MS = 60_000;

    private ServerSocket listening;

    @BeforeEach
    void listen() throws Exception {
        listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stop() throws Exception {
        listening.close();
    }

    @Test
    void withoutAConnectionItIsUndeliveredAtOnce() throws Exception {
        try (TestNode a = TestNode.open("a", TestNode.freePort())) {
            a.onLoop(() -> a.transport.send("b", forward(1, LONG_MS)));
            assertThat(a.inputs).containsExactly(new Input.Undelivered(1, false));
            assertThat(a.transport.metrics().dropped(MessageType.FORWARD, Drop.NO_CONNECTION))
                    .isEqualTo(1);
        }
    }

    @Test
    void onAConnectionThatBreaksItMayHaveArrived() throws Exception {
        try (TestNode a = dialling(TestNode.settings(TestNode.freePort()));
                RawPeer b = new RawPeer(listening.accept())) {
            b.welcome(RawPeer.introduction(B));
            a.awaitInput(new Input.PeerSeen("b"));
            a.send("b", forward(1, LONG_MS), forward(2, LONG_MS));
            assertThat(b.readMessage()).isEqualTo(forward(1, LONG_MS));
            b.close();
            a.awaitInput(new Input.Undelivered(1, true));
            a.awaitInput(new Input.Undelivered(2, true));
        }
    }

    @Test
    void anAnswerOverTheOtherSidesConnectionStillCounts() throws Exception {
        try (TestNode a = dialling(TestNode.settings(TestNode.freePort()))) {
            RawPeer b = new RawPeer(listening.accept());
            b.welcome(RawPeer.introduction(B));
            a.awaitInput(new Input.PeerSeen("b"));
            try (RawPeer back = RawPeer.dial(a.transport.port())
                    .greet(RawPeer.introduction(B))
                    .start()) {
                back.message(new Message.NotAppended(9, 0));
                a.awaitInput(new Input.Received(B, new Message.NotAppended(9, 0)));
                a.send("b", forward(1, LONG_MS), forward(2, LONG_MS));
                b.close();
                TestNode.await(
                        "the connection is gone", () -> a.transport.metrics().disconnects() == 1);
                back.message(new Message.NotAppended(1, 0));
                a.awaitInput(new Input.Received(B, new Message.NotAppended(1, 0)));
            }
            a.awaitInput(new Input.Undelivered(2, true));
            assertThat(a.rest()).noneMatch(Input.Undelivered.class::isInstance);
        }
    }

    @Test
    void onAConnectionThatBrokeBeforeTheFlushItHasNotArrived() throws Exception {
        try (TestNode a = dialling(TestNode.settings(TestNode.freePort()))) {
            try (RawPeer b = new RawPeer(listening.accept())) {
                b.welcome(RawPeer.introduction(B));
                a.awaitInput(new Input.PeerSeen("b"));
                a.onLoop(() -> a.transport.send("b", forward(1, LONG_MS)));
            }
            TestNode.await("the connection is gone", () -> a.transport.metrics().disconnects() == 1);
            assertThat(a.rest()).isEmpty();
            a.onLoop(a.transport::flush);
            a.awaitInput(new Input.Undelivered(1, false));
            assertThat(a.transport.metrics().dropped(MessageType.FORWARD, Drop.CONNECTION_LOST))
                    .isEqualTo(1);
            assertThat(a.transport.metrics().queuedBytes()).isZero();
        }
    }

    @Test
    void onceAnsweredItIsForgotten() throws Exception {
        try (TestNode a = TestNode.open("a", TestNode.freePort())) {
            try (TestNode b = TestNode.open("b", TestNode.freePort(), a.address)) {
                a.awaitSeen(b);
                b.awaitSeen(a);
                a.send(b, forward(1, LONG_MS), forward(2, LONG_MS), forward(3, LONG_MS));
                b.awaitInput(new Input.Received(a.id, forward(3, LONG_MS)));
                b.send(a, new Message.Forwarded(1, new Outcome.NotFound()), new Message.NotAppended(2, 7));
                a.awaitInput(new Input.Received(b.id, new Message.NotAppended(2, 7)));
            }
            a.awaitInput(new Input.Undelivered(3, true));
            assertThat(a.rest()).noneMatch(Input.Undelivered.class::isInstance);
        }
    }

    @Test
    void onceItsTimeIsUpItIsForgotten() throws Exception {
        try (TestNode a = dialling(TestNode.quick(TestNode.freePort()))) {
            try (RawPeer b = new RawPeer(listening.accept())) {
                b.welcome(RawPeer.introduction(B));
                a.awaitInput(new Input.PeerSeen("b"));
                a.send("b", forward(1, 1));
                b.readMessage();
                // b gives no sign of life: the connection ends by itself, after some beats
                b.awaitEnd();
            }
            TestNode.await("the connection is gone", () -> a.transport.metrics().disconnects() == 1);
            assertThat(a.rest()).noneMatch(Input.Undelivered.class::isInstance);
        }
    }

    @Test
    void withAFullQueueItIsUndeliveredWhileSmallMessagesStillHaveRoom() throws Exception {
        TransportSettings settings = TestNode.settings(TestNode.freePort()).withQueueBytes(4 << 20);
        try (TestNode a = dialling(settings);
                RawPeer b = new RawPeer(listening.accept())) {
            b.welcome(RawPeer.introduction(B));
            a.awaitInput(new Input.PeerSeen("b"));
            // b does not read: what the connection's own buffers do not take stays in the queue
            long attempt = 0;
            while (a.transport.metrics().dropped(MessageType.FORWARD, Drop.QUEUE_FULL) == 0) {
                a.send("b", new Message.Forward(++attempt, Operations.put(1 << 18), LONG_MS));
                assertThat(attempt).isLessThan(1_000);
            }
            assertThat(a.transport.metrics().queuedBytes()).isLessThan(settings.queueBytes());
            assertThat(a.rest()).containsExactly(new Input.Undelivered(attempt, false));
            a.send("b", new Message.Goodbye());
            assertThat(a.transport.metrics().dropped(MessageType.GOODBYE, Drop.QUEUE_FULL))
                    .isZero();

            for (long i = 1; i < attempt; i++) {
                assertThat(b.readMessage()).isInstanceOf(Message.Forward.class);
            }
            assertThat(b.readMessage()).isEqualTo(new Message.Goodbye());
            TestNode.await("the queue is empty", () -> a.transport.metrics().queuedBytes() == 0);
        }
    }

    @Test
    void whatWasReadWaitsForRoomInTheQueueAndIsReadAgain() throws Exception {
        TransportSettings settings = TestNode.settings(TestNode.freePort()).withQueueBytes(4 << 20);
        try (TestNode a = dialling(settings);
                RawPeer b = new RawPeer(listening.accept())) {
            b.welcome(RawPeer.introduction(B));
            a.awaitInput(new Input.PeerSeen("b"));
            Outcome big = new Outcome.Found(new Stored(Bytes.wrap(new byte[1 << 18]), 1, 0));
            long attempt = 0;
            while (a.transport.metrics().dropped(MessageType.FORWARDED, Drop.QUEUE_FULL) == 0) {
                a.send("b", new Message.Forwarded(++attempt, big));
                assertThat(attempt).isLessThan(1_000);
            }
            Message written = new Message.Forwarded(attempt + 1, new Outcome.Written(2, true));
            a.send("b", written);

            for (long i = 1; i < attempt; i++) {
                assertThat(b.readMessage()).isEqualTo(new Message.Forwarded(i, big));
            }
            assertThat(b.readMessage()).isEqualTo(new Message.NotAppended(attempt, 0));
            assertThat(b.readMessage()).isEqualTo(written);
        }
    }

    private TestNode dialling(TransportSettings settings) throws TransportException {
        return TestNode.open(new PeerId("a", "store-a", 1), "", settings, "127.0.0.1:" + listening.getLocalPort());
    }

    private static Message.Forward forward(long attempt, long remainingMs) {
        return new Message.Forward(attempt, Operations.GET, remainingMs);
    }
}
