package dev.kvstore.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.EntryId;
import dev.kvstore.core.io.Input;
import dev.kvstore.core.message.Message;
import dev.kvstore.core.message.PeerId;
import dev.kvstore.core.ring.Member;
import dev.kvstore.core.ring.Ring;
import dev.kvstore.node.transport.codec.MessageType;
import dev.kvstore.node.transport.codec.RandomMessages;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages between real transports over real sockets. */
@Timeout(60)
class TransportTest {
    @Test
    void carriesEveryKindOfMessageInOrder() throws Exception {
        try (TestNode a = TestNode.open("a", TestNode.freePort());
                TestNode b = TestNode.open("b", TestNode.freePort(), a.address)) {
            a.awaitSeen(b);
            List<Message> messages = new ArrayList<>();
            for (int seed = 0; seed < 20; seed++) {
                for (MessageType type : MessageType.values()) {
                    messages.add(new RandomMessages(seed).message(type));
                }
            }
            a.send(b, messages.toArray(Message[]::new));
            for (Message message : messages) {
                b.awaitInput(new Input.Received(a.id, message));
            }
            assertThat(b.rest()).noneMatch(Input.Received.class::isInstance);
            for (MessageType type : MessageType.values()) {
                assertThat(a.transport.metrics().sent(type)).isEqualTo(20);
                assertThat(b.transport.metrics().received(type)).isEqualTo(20);
            }
        }
    }

    @Test
    void carriesMessagesOfManySizes() throws Exception {
        try (TestNode a = TestNode.open("a", TestNode.freePort());
                TestNode b = TestNode.open("b", TestNode.freePort(), a.address)) {
            a.awaitSeen(b);
            List<Message> messages = Stream.of(0, 1, 4_000, 65_000, 66_000, 300_000, 1 << 20, 8 << 20)
                    .map(TransportTest::part)
                    .toList();
            a.send(b, messages.toArray(Message[]::new));
            for (Message message : messages) {
                b.awaitInput(new Input.Received(a.id, message));
            }
            TestNode.await("the queue is empty", () -> a.transport.metrics().queuedBytes() == 0);
        }
    }

    @Test
    void doesNotSendWhatFitsIntoNoFrame() throws Exception {
        try (TestNode a = TestNode.open("a", TestNode.freePort());
                TestNode b = TestNode.open("b", TestNode.freePort(), a.address)) {
            a.awaitSeen(b);
            int tooLarge = TestNode.settings(1).maxFrameBytes() + 1;
            a.send(b, part(tooLarge), new Message.Forward(4, Operations.put(tooLarge), 1_000), new Message.Goodbye());
            b.awaitInput(new Input.Received(a.id, new Message.Goodbye()));
            assertThat(a.rest()).containsOnlyOnce(new Input.Undelivered(4, false));
            assertThat(a.transport.metrics().dropped(MessageType.SNAPSHOT_PART, Drop.TOO_LARGE))
                    .isEqualTo(1);
            assertThat(a.transport.metrics().disconnects()).isZero();
        }
    }

    @Test
    void findsTheRingsMembersByTheirAddresses() throws Exception {
        try (TestNode a = TestNode.open("a", TestNode.freePort());
                TestNode b = TestNode.open("b", TestNode.freePort());
                TestNode c = TestNode.open("c", TestNode.freePort())) {
            Ring ring = new Ring("east", 1, List.of(member(a), member(b), member(c)), List.of());
            a.transport.ring(ring);
            a.awaitSeen(b, c);
            b.awaitSeen(a);
            c.awaitSeen(a);
            b.transport.ring(ring);
            b.awaitSeen(c);
        }
    }

    @Test
    void reconnectsToANodeThatComesBackAndTellsWhenNobodyListens() throws Exception {
        int port = TestNode.freePort();
        try (TestNode a = TestNode.open("a", TestNode.freePort(), "127.0.0.1:" + port)) {
            TestNode b = TestNode.open(new PeerId("b", "store-b", 1), "", port);
            a.awaitSeen(b);
            b.close();
            a.awaitInput(new Input.PeerRefused("b"));
            try (TestNode again = TestNode.open(new PeerId("b", "store-b", 2), "", port)) {
                a.awaitSeen(again);
                a.send(again, new Message.Goodbye());
                again.awaitInput(new Input.Received(a.id, new Message.Goodbye()));
            }
        }
    }

    @Test
    void tellsThatNobodyListensAtAMembersAddressThatNeverAnswered() throws Exception {
        try (TestNode a = TestNode.open("a", TestNode.freePort())) {
            Member away = new Member("b", "store-b", 1, "", "", "127.0.0.1:" + TestNode.freePort(), "", false);
            a.transport.ring(new Ring("east", 1, List.of(member(a), away), List.of()));
            a.awaitInput(new Input.PeerRefused("b"));
        }
    }

    @Test
    void stopsReadingWhileTheEngineCannotKeepUp() throws Exception {
        try (TestNode a = TestNode.open("a", TestNode.freePort());
                TestNode b = TestNode.open("b", TestNode.freePort(), a.address)) {
            a.awaitSeen(b);
            b.congested.set(true);
            // more than the connection's buffers hold
            int parts = 40;
            for (int i = 0; i < parts; i++) {
                a.send(b, part(1 << 20));
            }
            TestNode.await("reading has paused", () -> b.transport.metrics().pauses() > 0);
            TestNode.await(
                    "all is handed over or stuck", () -> a.transport.metrics().queuedBytes() > 0);
            assertThat(b.transport.metrics().received(MessageType.SNAPSHOT_PART))
                    .isLessThan(parts);
            b.congested.set(false);
            TestNode.await(
                    "all has come or was dropped",
                    () -> b.transport.metrics().received(MessageType.SNAPSHOT_PART)
                                    + a.transport.metrics().dropped(MessageType.SNAPSHOT_PART, Drop.QUEUE_FULL)
                            == parts);
            assertThat(a.transport.metrics().disconnects()).isZero();
        }
    }

    private static Message part(int bytes) {
        return new Message.SnapshotPart(1, 2, 3, 4, new EntryId(5, 6, bytes), Bytes.wrap(new byte[bytes]), true);
    }

    private static Member member(TestNode node) {
        return new Member(node.id.name(), node.id.storeId(), node.id.boot(), "", "", node.address, "", false);
    }
}
