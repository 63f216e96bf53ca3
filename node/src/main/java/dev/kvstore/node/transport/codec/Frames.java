package dev.kvstore.node.transport.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** Lays frames out: the length of what follows (4 bytes, big-endian), the kind (1 byte), the content. */
public final class Frames {
    private Frames() {}

    /** Begins a frame in a buffer; {@link #end} completes it. */
    public static void begin(ByteBuf out, FrameKind kind) {
        out.writeInt(0).writeByte(kind.code());
    }

    /**
     * Completes the frame that was begun at this index.
     *
     * @return the frame's whole length in bytes
     */
    public static int end(ByteBuf out, int start) {
        int bytes = out.writerIndex() - start;
        out.setInt(start, bytes - Integer.BYTES);
        return bytes;
    }

    /** A frame without content. */
    public static ByteBuf empty(ByteBufAllocator allocator, FrameKind kind) {
        ByteBuf out = allocator.buffer(Protocol.HEADER_BYTES);
        begin(out, kind);
        end(out, 0);
        return out;
    }

    /** A frame that introduces the sender. */
    public static ByteBuf introduction(ByteBufAllocator allocator, FrameKind kind, Introduction introduction) {
        ByteBuf out = allocator.buffer();
        begin(out, kind);
        introduction.write(out);
        end(out, 0);
        return out;
    }

    /** A frame that refuses the connection. */
    public static ByteBuf refusal(ByteBufAllocator allocator, Refusal refusal) {
        ByteBuf out = allocator.buffer();
        begin(out, FrameKind.REFUSED);
        refusal.write(out);
        end(out, 0);
        return out;
    }

    /** A frame that tells the cluster's id. */
    public static ByteBuf cluster(ByteBufAllocator allocator, String clusterId) {
        ByteBuf out = allocator.buffer();
        begin(out, FrameKind.CLUSTER);
        Wire.writeText(out, clusterId);
        end(out, 0);
        return out;
    }

    /**
     * Reads the content of such a frame.
     *
     * @throws CodecException when it is none
     */
    public static String readCluster(ByteBuf content) throws CodecException {
        try {
            return Wire.readText(content);
        } catch (IndexOutOfBoundsException e) {
            throw new CodecException("a cluster id that is cut short", e);
        }
    }
}
