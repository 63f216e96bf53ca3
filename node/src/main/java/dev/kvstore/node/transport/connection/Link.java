package dev.kvstore.node.transport.connection;

import dev.kvstore.core.io.Input;
import dev.kvstore.core.message.Message;
import dev.kvstore.core.message.PeerId;
import dev.kvstore.node.transport.Drop;
import dev.kvstore.node.transport.codec.FrameKind;
import dev.kvstore.node.transport.codec.Frames;
import dev.kvstore.node.transport.codec.MessageCodec;
import dev.kvstore.node.transport.codec.MessageType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An own connection to another node, over which this one sends. On the event loop: messages are collected ({@link #offer})
 * until {@link #flush}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails ends the connection, and of that end we hear
final class Link {
    private final PeerId peer;
    private final int version;
    private final Channel channel;
    private final Context context;

    /** Bytes that were taken for sending and that the operating system has not taken over yet. */
    private long queuedBytes;

    private @Nullable Batch open;

    /** Forwarded operations that were handed to the connection, and when their time is up. */
    private final Map<Long, Long> outstanding = new HashMap<>();

    private boolean written;
    private int silentBeats;
    private @Nullable String end;

    Link(PeerId peer, int version, Channel channel, Context context) {
        this.peer = peer;
        this.version = version;
        this.channel = channel;
        this.context = context;
    }

    PeerId peer() {
        return peer;
    }

    /** Puts a message into the open batch; tells why not, or null when it is in. */
    @Nullable
    Drop offer(MessageCodec codec, Message message, MessageType type) {
        Batch batch = open;
        long waiting = queuedBytes + (batch == null ? 0 : batch.bytes());
        if (waiting >= context.settings().limitBytes(MessageType.isBulk(message))) {
            return Drop.QUEUE_FULL;
        }
        if (batch == null) {
            batch = new Batch(channel.alloc());
            open = batch;
        }
        return batch.add(codec, version, message, type, context.settings().maxFrameBytes()) ? null : Drop.TOO_LARGE;
    }

    boolean hasOpenBatch() {
        return open != null;
    }

    /** Hands the open batch to the connection; from now on it may reach the other node. */
    void flush() {
        Batch batch = open;
        open = null;
        if (batch != null) {
            queuedBytes += batch.bytes();
            context.metrics().queued(batch.bytes());
            write(batch);
        }
    }

    private void write(Batch batch) {
        // a connection that is being closed takes nothing any more, though its end has not been reported yet
        if (!channel.isActive()) {
            dequeued(batch.bytes());
            giveUp(batch);
            return;
        }
        long nowNs = System.nanoTime();
        for (Batch.Forwarding each : batch.forwards()) {
            outstanding.put(each.attempt(), nowNs + TimeUnit.MILLISECONDS.toNanos(each.remainingMs()));
        }
        batch.countSent(context.metrics());
        written = true;
        for (ByteBuf buffer : batch.buffers()) {
            int bytes = buffer.readableBytes();
            channel.write(buffer).addListener(done -> {
                dequeued(bytes);
                if (done.isSuccess()) {
                    context.metrics().countSentBytes(bytes);
                }
            });
        }
        channel.flush();
    }

    /** Drops a batch that was handed to nobody. */
    private void giveUp(Batch batch) {
        batch.countLost(context.metrics());
        batch.release();
        for (Batch.Forwarding each : batch.forwards()) {
            context.sink().accept(new Input.Undelivered(each.attempt(), false));
        }
    }

    /** The other node has answered a forwarded operation. */
    void answered(long attempt) {
        outstanding.remove(attempt);
    }

    /** The other node has shown that it receives. */
    void heard() {
        silentBeats = 0;
    }

    /** Tells the other node the cluster's id. */
    void tellCluster(String clusterId) {
        channel.writeAndFlush(Frames.cluster(channel.alloc(), clusterId));
    }

    /** One beat has passed; false when the other node has been silent for too long. */
    boolean beat() {
        if (!written) {
            channel.writeAndFlush(Frames.empty(channel.alloc(), FrameKind.PING));
        }
        written = false;
        long nowNs = System.nanoTime();
        // their time is up: the engine has answered without us, and no answer may ever come
        outstanding.values().removeIf(untilNs -> untilNs - nowNs < 0);
        silentBeats++;
        return silentBeats <= context.settings().silentBeats();
    }

    /** Closes the connection, with a reason for the log. */
    void close(String reason) {
        end = reason;
        channel.close();
    }

    /** Why this side has closed the connection; null when it has not. */
    @Nullable
    String end() {
        return end;
    }

    /** Closes the connection once everything is written. */
    ChannelFuture finish() {
        end = "this node stops";
        return channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    /** No answer comes any more: what was handed to the connection may or may not have arrived. */
    void closed() {
        outstanding.keySet().forEach(attempt -> context.sink().accept(new Input.Undelivered(attempt, true)));
        outstanding.clear();
    }

    private void dequeued(long bytes) {
        queuedBytes -= bytes;
        context.metrics().queued(-bytes);
    }
}
