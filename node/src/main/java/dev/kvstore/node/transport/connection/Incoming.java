package dev.kvstore.node.transport.connection;

import dev.kvstore.core.message.PeerId;
import dev.kvstore.node.transport.codec.CodecException;
import dev.kvstore.node.transport.codec.FrameKind;
import dev.kvstore.node.transport.codec.FrameReader;
import dev.kvstore.node.transport.codec.Frames;
import dev.kvstore.node.transport.codec.Introduction;
import dev.kvstore.node.transport.codec.MessageCodec;
import dev.kvstore.node.transport.codec.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection that another node has opened; this one only receives over it. Goes from nothing to greeted (its
 * introduction is known) to started (it is the one in use); each step is taken once.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails ends the connection, and of that end we hear
final class Incoming extends FrameReader {
    /** A started connection over which nothing came for so many silences of an own one is dead. */
    private static final int SILENCES = 2;

    private final Callers callers;
    private final Channel channel;
    private @Nullable Introduction caller;
    private boolean started;
    private boolean readSinceBeat;
    private int silentBeats;

    Incoming(Callers callers, Channel channel) {
        super(callers.context().settings().maxFrameBytes());
        this.callers = callers;
        this.channel = channel;
    }

    /** Who has opened it; known once it has started. */
    PeerId peer() {
        return caller().id();
    }

    Introduction caller() {
        return Objects.requireNonNull(caller);
    }

    boolean started() {
        return started;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        if (!callers.accept(this)) {
            context.close();
            return;
        }
        context.executor()
                .schedule(
                        this::closeUnlessStarted,
                        callers.context().settings().greetingTimeoutMs(),
                        TimeUnit.MILLISECONDS);
        super.channelActive(context);
    }

    private void closeUnlessStarted() {
        if (!started) {
            channel.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object data) throws Exception {
        readSinceBeat = true;
        if (data instanceof ByteBuf buffer) {
            callers.context().metrics().countReceivedBytes(buffer.readableBytes());
        }
        super.channelRead(context, data);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
        super.channelReadComplete(context);
        callers.hasRead();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        super.channelInactive(context);
        callers.hungUp(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        callers.failed(this, cause);
        context.close();
    }

    @Override
    protected void frame(ChannelHandlerContext context, FrameKind kind, ByteBuf content) throws CodecException {
        switch (kind) {
            case HELLO -> hello(content);
            case START -> start();
            case MESSAGE -> {
                require(started, kind);
                int version = callers.context().admission().common(caller());
                callers.received(this, MessageCodec.read(content, version));
            }
            case CLUSTER -> {
                require(started, kind);
                cluster(Frames.readCluster(content));
            }
            case PING -> require(started, kind);
            case WELCOME, REFUSED, ALIVE -> require(false, kind);
        }
    }

    private void hello(ByteBuf content) throws CodecException {
        require(caller == null, FrameKind.HELLO);
        Introduction introduction = Introduction.read(content);
        caller = introduction;
        Refusal refusal = callers.judge(introduction);
        if (refusal != null) {
            refuse(refusal);
        } else {
            channel.writeAndFlush(Frames.introduction(
                    channel.alloc(),
                    FrameKind.WELCOME,
                    callers.context().admission().introduction()));
        }
    }

    private void start() throws CodecException {
        require(caller != null && !started, FrameKind.START);
        // judged again: another process of that name may have come in between
        Refusal refusal = callers.judge(caller());
        if (refusal != null) {
            refuse(refusal);
            return;
        }
        started = true;
        greeted();
        callers.started(this);
    }

    private void cluster(String clusterId) {
        caller = caller().withCluster(clusterId);
        refuseIfForeign();
    }

    /** Ends the connection if the two nodes have turned out to belong to different clusters. */
    void refuseIfForeign() {
        Refusal refusal = callers.context().admission().judgeCluster(caller());
        if (refusal != null) {
            refuse(refusal);
        }
    }

    private void refuse(Refusal refusal) {
        stop();
        callers.refused(caller(), refusal);
        channel.writeAndFlush(Frames.refusal(channel.alloc(), refusal)).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    protected void broken(ChannelHandlerContext context, String reason) {
        callers.broken(this, reason);
        context.close();
    }

    /** One beat has passed; false when the connection is dead. */
    boolean beat() {
        if (!started) {
            return true;
        }
        // while reading is paused nothing can come, and the other side must not take that for death
        boolean alive = readSinceBeat || !channel.config().isAutoRead();
        readSinceBeat = false;
        silentBeats = alive ? 0 : silentBeats + 1;
        if (alive) {
            channel.writeAndFlush(Frames.empty(channel.alloc(), FrameKind.ALIVE));
        }
        return silentBeats <= callers.context().settings().silentBeats() * SILENCES;
    }

    void reading(boolean on) {
        channel.config().setAutoRead(on);
    }

    void close() {
        channel.close();
    }

    /** For the log. */
    String describe() {
        // without the port, which is another one at every attempt
        String from = channel.remoteAddress() instanceof InetSocketAddress remote
                ? "connection from " + remote.getHostString()
                : "connection";
        return caller == null ? from : from + " (" + caller.id().name() + ")";
    }

    private static void require(boolean expected, FrameKind kind) throws CodecException {
        if (!expected) {
            throw new CodecException("a frame out of turn: " + kind);
        }
    }
}
