package dev.kvstore.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.core.io.Input;
import dev.kvstore.core.message.Message;
import dev.kvstore.core.message.PeerId;
import dev.kvstore.node.transport.codec.FrameKind;
import dev.kvstore.node.transport.codec.Introduction;
import dev.kvstore.node.transport.codec.MessageType;
import dev.kvstore.node.transport.codec.Protocol;
import dev.kvstore.node.transport.codec.RandomMessages;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nodes of two neighbouring versions of the protocol, over real sockets. */
@Timeout(60)
class VersionsTest {
    /** What a node of version 1 sends: the frame of an acknowledgement, and the same message as it is expected here. */
    private static final String ACK_OF_VERSION_1 = "00000007" + "05" + "05" + "0703010209";

    private static final long SEED = 5;
    private static final Message ACK = new Message.Ack(7, 3, 1, 2, 9);
    private static final PeerId OLD = new PeerId("old", "store-old", 1);

    @Test
    void anOlderAndANewerNodeUnderstandEachOther() throws Exception {
        try (TestNode newer = TestNode.ofVersion(Protocol.VERSION, "newer");
                TestNode older = TestNode.ofVersion(Protocol.OLDEST, "older", newer.address)) {
            older.awaitSeen(newer);
            newer.awaitSeen(older);
            for (MessageType type : MessageType.values()) {
                Message message = new RandomMessages(SEED).message(type);
                older.send(newer, message);
                newer.awaitInput(new Input.Received(older.id, message));
                newer.send(older, message);
                older.awaitInput(new Input.Received(newer.id, message));
            }
            assertThat(newer.transport.metrics().brokenConnections()).isZero();
            assertThat(older.transport.metrics().brokenConnections()).isZero();
        }
    }

    @Test
    void whatANodeOfVersion1SentIsStillRead() throws Exception {
        try (TestNode node = TestNode.open("a", TestNode.freePort());
                RawPeer old = RawPeer.dial(node.transport.port())) {
            old.greet(new Introduction(1, "", OLD, "", "")).read(FrameKind.WELCOME);
            old.start();
            old.write(HexFormat.of().parseHex(ACK_OF_VERSION_1));
            node.awaitInput(new Input.Received(OLD, ACK));
        }
    }

    @Test
    void aNodeOfVersion1IsSentWhatItKnows() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                TestNode node = TestNode.open("a", TestNode.freePort(), "127.0.0.1:" + listener.getLocalPort());
                RawPeer old = new RawPeer(listener.accept())) {
            old.welcome(new Introduction(1, "", OLD, "", ""));
            node.awaitInput(new Input.PeerSeen("old"));
            node.send("old", ACK);
            byte[] content = new byte[6];
            old.read(FrameKind.MESSAGE).readBytes(content);
            // without the frame's length and kind
            assertThat(HexFormat.of().formatHex(content)).isEqualTo(ACK_OF_VERSION_1.substring(10));
        }
    }
}
