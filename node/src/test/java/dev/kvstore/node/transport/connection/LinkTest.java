package dev.kvstore.node.transport.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.core.message.Message;
import dev.kvstore.core.message.PeerId;
import dev.kvstore.node.transport.LocalPeer;
import dev.kvstore.node.transport.TransportMetrics;
import dev.kvstore.node.transport.TransportSettings;
import dev.kvstore.node.transport.codec.MessageCodec;
import dev.kvstore.node.transport.codec.MessageType;
import dev.kvstore.node.transport.codec.Protocol;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

class LinkTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final TransportMetrics metrics = new TransportMetrics();
    private final Context context = new Context(
            TransportSettings.of("127.0.0.1", 1, 1 << 20),
            channel.eventLoop(),
            input -> {},
            metrics,
            new Admission(new LocalPeer(new PeerId("a", "store-a", 1), "a:1"), ""),
            null);
    private final Link link = new Link(new PeerId("b", "store-b", 1), Protocol.VERSION, channel, context);

    @Test
    void whatComesTogetherIsWrittenTogether() {
        MessageCodec codec = new MessageCodec();
        for (int i = 0; i < 100; i++) {
            Message message = new Message.Ack(i, 1, 1, 1, i);
            assertThat(link.offer(codec, message, MessageType.of(message))).isNull();
        }
        assertThat(channel.outboundMessages()).isEmpty();
        link.flush();
        assertThat(channel.outboundMessages()).hasSize(1);
        ByteBuf written = channel.readOutbound();
        assertThat((long) written.readableBytes()).isEqualTo(metrics.sentBytes());
        assertThat(metrics.sent(MessageType.ACK)).isEqualTo(100);
        assertThat(metrics.queuedBytes()).isZero();
        written.release();
        assertThat(link.hasOpenBatch()).isFalse();
    }
}
