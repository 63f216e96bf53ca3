package dev.kvstore.node.transport.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/**
 * Cuts a connection's bytes into frames. What breaks the rules is reported once; nothing is read after that. Runs on the
 * connection's event loop.
 */
public abstract class FrameReader extends ByteToMessageDecoder {
    private final int maxFrameBytes;
    private boolean greeted;
    private boolean stopped;

    /** With the bound of a frame's length in bytes once the greeting is over. */
    protected FrameReader(int maxFrameBytes) {
        this.maxFrameBytes = maxFrameBytes;
    }

    /** A frame has arrived; its content is valid only during the call. */
    protected abstract void frame(ChannelHandlerContext context, FrameKind kind, ByteBuf content) throws CodecException;

    /** The other side breaks the rules, in words. */
    protected abstract void broken(ChannelHandlerContext context, String reason);

    /** The greeting is over: frames may have their full length. */
    protected final void greeted() {
        greeted = true;
    }

    /** Reads nothing any more. */
    protected final void stop() {
        stopped = true;
    }

    @Override
    protected final void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (stopped) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (in.readableBytes() < Protocol.HEADER_BYTES) {
            return;
        }
        int bytes = in.getInt(in.readerIndex());
        int limitBytes = greeted ? maxFrameBytes : Protocol.GREETING_BYTES;
        if (bytes < 1 || bytes > limitBytes) {
            stop();
            String length = Integer.toUnsignedString(bytes) + " bytes";
            broken(
                    context,
                    greeted
                            ? "a frame of " + length + ", where at most " + limitBytes + " are taken"
                            : "what it sends is no greeting of this store (a first frame of " + length + ")");
            return;
        }
        if (in.readableBytes() < Integer.BYTES + bytes) {
            return;
        }
        in.skipBytes(Integer.BYTES);
        ByteBuf frame = in.readSlice(bytes);
        try {
            FrameKind kind = FrameKind.of(frame.readUnsignedByte());
            frame(context, kind, frame);
        } catch (CodecException e) {
            stop();
            broken(context, String.valueOf(e.getMessage()));
        }
    }
}
