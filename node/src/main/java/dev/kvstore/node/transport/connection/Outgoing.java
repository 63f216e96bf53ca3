package dev.kvstore.node.transport.connection;

import dev.kvstore.node.transport.codec.CodecException;
import dev.kvstore.node.transport.codec.FrameKind;
import dev.kvstore.node.transport.codec.FrameReader;
import dev.kvstore.node.transport.codec.Frames;
import dev.kvstore.node.transport.codec.Introduction;
import dev.kvstore.node.transport.codec.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The receiving half of an own connection: the greeting, and the other side's signs of life. */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails ends the connection, and of that end we hear
final class Outgoing extends FrameReader {
    private final Connections connections;
    private final Dialler dialler;
    private @Nullable Link link;
    private String end = "the other side has closed it";

    Outgoing(Connections connections, Dialler dialler) {
        super(connections.context().settings().maxFrameBytes());
        this.connections = connections;
        this.dialler = dialler;
    }

    /** The link that the connection has become, or null. */
    @Nullable
    Link link() {
        return link;
    }

    /** Why the connection ended, as far as known. */
    String end() {
        return end;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        Channel channel = context.channel();
        channel.writeAndFlush(Frames.introduction(
                channel.alloc(),
                FrameKind.HELLO,
                connections.context().admission().introduction()));
        context.executor()
                .schedule(
                        () -> {
                            if (link == null) {
                                close(context, "it does not answer the greeting");
                            }
                        },
                        connections.context().settings().greetingTimeoutMs(),
                        TimeUnit.MILLISECONDS);
        super.channelActive(context);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        super.channelInactive(context);
        dialler.ended(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        close(context, Callers.reason(cause));
    }

    @Override
    protected void frame(ChannelHandlerContext context, FrameKind kind, ByteBuf content) throws CodecException {
        switch (kind) {
            case WELCOME -> {
                if (link != null) {
                    throw new CodecException("a second greeting");
                }
                welcome(context, Introduction.read(content));
            }
            case REFUSED -> {
                Refusal refusal = Refusal.read(content);
                connections.context().metrics().countRefusal();
                dialler.refused(refusal);
                close(context, "it refuses: " + refusal.text());
            }
            case ALIVE -> {
                if (link != null) {
                    link.heard();
                }
            }
            case HELLO, START, MESSAGE, CLUSTER, PING -> throw new CodecException("a frame out of turn: " + kind);
        }
    }

    private void welcome(ChannelHandlerContext context, Introduction other) {
        Refusal refusal = connections.judge(other);
        if (refusal != null) {
            connections.context().metrics().countRefusal();
            dialler.refused(refusal);
            close(context, refusal.text());
            return;
        }
        if (connections.isConnected(other.id())) {
            dialler.park(other.id().name());
            close(context, "it is connected already under another address");
            return;
        }
        greeted();
        Channel channel = context.channel();
        channel.writeAndFlush(Frames.empty(channel.alloc(), FrameKind.START));
        link = connections.connected(dialler, other, channel);
    }

    @Override
    protected void broken(ChannelHandlerContext context, String reason) {
        connections.context().metrics().countBroken();
        close(context, reason);
    }

    /** Ends the connection, with a reason for the log. */
    private void close(ChannelHandlerContext context, String reason) {
        stop();
        end = reason;
        context.close();
    }
}
