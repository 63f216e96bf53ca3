package dev.kvstore.node.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvstore.core.io.Input;
import dev.kvstore.core.message.Message;
import dev.kvstore.core.message.PeerId;
import dev.kvstore.node.transport.codec.FrameKind;
import dev.kvstore.node.transport.codec.Introduction;
import dev.kvstore.node.transport.codec.Protocol;
import dev.kvstore.node.transport.codec.Refusal;
import dev.kvstore.node.transport.codec.Refusal.Reason;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who talks to whom, over real sockets. */
@Timeout(60)
class GreetingTest {
    private static final PeerId A = new PeerId("a", "store-a", 1);
    private static final PeerId B = new PeerId("b", "store-b", 5);

    @Test
    void oneThatKnowsTheOtherIsEnoughForBoth() throws Exception {
        try (TestNode a = TestNode.open("a", TestNode.freePort());
                TestNode b = TestNode.open("b", TestNode.freePort(), a.address)) {
            b.awaitSeen(a);
            a.awaitSeen(b);
        }
    }

    @Test
    void nodesOfDifferentClustersRefuseEachOther() throws Exception {
        try (TestNode a = TestNode.open(A, "east", TestNode.settings(TestNode.freePort()));
                RawPeer b = RawPeer.dial(a.transport.port())) {
            b.greet(new Introduction(Protocol.VERSION, "west", B, "", ""));
            Refusal refusal = Refusal.read(b.read(FrameKind.REFUSED));
            assertThat(refusal.reason()).isEqualTo(Reason.CLUSTER);
            assertThat(refusal.text()).contains("east").contains("west");
            b.awaitEnd();
            assertThat(a.transport.metrics().refusals()).isEqualTo(1);
        }
    }

    @Test
    void nodesThatTurnOutToBelongToDifferentClustersPart() throws Exception {
        try (TestNode a = TestNode.open("a", TestNode.freePort());
                TestNode b = TestNode.open("b", TestNode.freePort(), a.address)) {
            b.awaitSeen(a);
            a.awaitSeen(b);
            a.transport.clusterId("east");
            b.transport.clusterId("west");
            TestNode.await(
                    "both have lost the other",
                    () -> a.transport.metrics().disconnects() > 0
                            && b.transport.metrics().disconnects() > 0
                            && a.transport.metrics().refusals()
                                            + b.transport.metrics().refusals()
                                    > 2);
            a.send(b, new Message.Goodbye());
            a.send(b, new Message.Forward(1, Operations.GET, 1_000));
            a.awaitInput(new Input.Undelivered(1, false));
            assertThat(b.rest()).noneMatch(Input.Received.class::isInstance);
        }
    }

    @Test
    void aVersionThatIsTooOldIsToldWhy() throws Exception {
        try (TestNode a = TestNode.open("a", TestNode.freePort());
                RawPeer old = RawPeer.dial(a.transport.port())) {
            old.greet(new Introduction(Protocol.OLDEST - 1, "", B, "", ""));
            Refusal refusal = Refusal.read(old.read(FrameKind.REFUSED));
            assertThat(refusal.reason()).isEqualTo(Reason.VERSION);
            assertThat(refusal.text()).contains("version " + (Protocol.OLDEST - 1));
        }
    }

    @Test
    void aYoungerProcessTakesTheOldersPlaceForGood() throws Exception {
        try (TestNode a = TestNode.open("a", TestNode.freePort());
                RawPeer first = RawPeer.dial(a.transport.port());
                RawPeer second = RawPeer.dial(a.transport.port());
                RawPeer third = RawPeer.dial(a.transport.port())) {
            first.greet(RawPeer.introduction(B)).read(FrameKind.WELCOME);
            first.start().message(new Message.Goodbye());
            a.awaitInput(new Input.Received(B, new Message.Goodbye()));

            PeerId younger = new PeerId("b", "store-b", 6);
            second.greet(RawPeer.introduction(younger)).read(FrameKind.WELCOME);
            second.start().message(new Message.Goodbye());
            a.awaitInput(new Input.Received(younger, new Message.Goodbye()));
            first.awaitEnd();

            third.greet(RawPeer.introduction(B));
            assertThat(Refusal.read(third.read(FrameKind.REFUSED)).reason()).isEqualTo(Reason.BOOT);
        }
    }

    @Test
    void aGreetingThatIsNotFollowedUpReplacesNothing() throws Exception {
        try (TestNode a = TestNode.open("a", TestNode.freePort());
                RawPeer first = RawPeer.dial(a.transport.port());
                RawPeer second = RawPeer.dial(a.transport.port())) {
            first.greet(RawPeer.introduction(B)).read(FrameKind.WELCOME);
            first.start();
            second.greet(RawPeer.introduction(B)).read(FrameKind.WELCOME);
            second.close();
            first.message(new Message.Goodbye());
            a.awaitInput(new Input.Received(B, new Message.Goodbye()));
        }
    }

    @Test
    void twoProcessesOfOneNameDoNotTakeTurns() throws Exception {
        try (TestNode a = TestNode.open("a", TestNode.freePort());
                RawPeer first = RawPeer.dial(a.transport.port());
                RawPeer second = RawPeer.dial(a.transport.port())) {
            first.greet(RawPeer.introduction(B)).read(FrameKind.WELCOME);
            first.start().message(new Message.Goodbye());
            a.awaitInput(new Input.Received(B, new Message.Goodbye()));
            second.greet(RawPeer.introduction(new PeerId("b", "another store", 9)));
            assertThat(Refusal.read(second.read(FrameKind.REFUSED)).reason()).isEqualTo(Reason.NAME);
        }
    }

    @Test
    void aNodeThatDialsItselfForgetsIt() throws Exception {
        int port = TestNode.freePort();
        try (TestNode a = TestNode.open(A, "", port, "127.0.0.1:" + port, "localhost:" + port)) {
            TestNode.await(
                    "both addresses were refused", () -> a.transport.metrics().refusals() >= 4);
            assertThat(a.transport.metrics().connects()).isZero();
            assertThat(a.rest()).isEmpty();
        }
    }

    @Test
    void aNodeUnderTwoAddressesIsConnectedOnce() throws Exception {
        try (TestNode a = TestNode.open("a", TestNode.freePort());
                TestNode b = TestNode.open("b", TestNode.freePort(), a.address, "localhost:" + a.transport.port())) {
            b.awaitSeen(a);
            a.awaitSeen(b);
            for (long id = 1; id <= 50; id++) {
                b.send(a, new Message.NotAppended(id, 0));
                a.awaitInput(new Input.Received(b.id, new Message.NotAppended(id, 0)));
            }
            assertThat(b.transport.metrics().connects()).isEqualTo(1);
            assertThat(b.transport.metrics().disconnects()).isZero();
        }
    }

    @Test
    void garbageEndsOnlyTheConnectionOnWhichItComes() throws Exception {
        try (TestNode a = TestNode.open("a", TestNode.freePort());
                RawPeer good = RawPeer.dial(a.transport.port());
                RawPeer http = RawPeer.dial(a.transport.port());
                RawPeer outOfTurn = RawPeer.dial(a.transport.port());
                RawPeer nonsense = RawPeer.dial(a.transport.port())) {
            good.greet(RawPeer.introduction(B)).read(FrameKind.WELCOME);
            good.start();

            http.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            http.awaitEnd();
            outOfTurn.message(new Message.Goodbye());
            outOfTurn.awaitEnd();
            nonsense.greet(RawPeer.introduction(new PeerId("c", "store-c", 1))).read(FrameKind.WELCOME);
            nonsense.start().write(new byte[] {0, 0, 0, 3, 5, 99, 99});
            nonsense.awaitEnd();

            good.message(new Message.Goodbye());
            a.awaitInput(new Input.Received(B, new Message.Goodbye()));
            assertThat(a.transport.metrics().brokenConnections()).isEqualTo(3);
        }
    }

    @Test
    void aFrameOverTheBoundEndsTheConnection() throws Exception {
        TransportSettings settings = TestNode.settings(TestNode.freePort());
        try (TestNode a = TestNode.open(A, "", settings);
                RawPeer b = RawPeer.dial(a.transport.port())) {
            b.greet(RawPeer.introduction(B)).read(FrameKind.WELCOME);
            b.start();
            int tooLong = settings.maxFrameBytes() + 1;
            b.write(new byte[] {
                (byte) (tooLong >>> 24), (byte) (tooLong >>> 16), (byte) (tooLong >>> 8), (byte) tooLong, 5
            });
            b.awaitEnd();
            assertThat(a.transport.metrics().brokenConnections()).isEqualTo(1);
        }
    }

    @Test
    void saysWhichPortIsInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> TestNode.open("a", taken.getLocalPort()))
                    .isInstanceOf(TransportException.class)
                    .hasMessageContaining("127.0.0.1:" + taken.getLocalPort())
                    .hasMessageContaining("in use");
        }
    }
}
