package dev.kvstore.node.transport.connection;

import dev.kvstore.core.data.Entry;
import dev.kvstore.core.message.Message;
import dev.kvstore.core.message.Message.Ack;
import dev.kvstore.core.message.Message.Append;
import dev.kvstore.core.message.Message.Forward;
import dev.kvstore.core.message.Message.Forwarded;
import dev.kvstore.core.message.Message.Goodbye;
import dev.kvstore.core.message.Message.Heartbeat;
import dev.kvstore.core.message.Message.Nack;
import dev.kvstore.core.message.Message.NotAppended;
import dev.kvstore.core.message.Message.RingOffer;
import dev.kvstore.core.message.Message.SnapshotAck;
import dev.kvstore.core.message.Message.SnapshotPart;
import dev.kvstore.core.message.Message.Stopped;
import dev.kvstore.node.transport.Drop;
import dev.kvstore.node.transport.TransportMetrics;
import dev.kvstore.node.transport.codec.FrameKind;
import dev.kvstore.node.transport.codec.Frames;
import dev.kvstore.node.transport.codec.MessageCodec;
import dev.kvstore.node.transport.codec.MessageType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The frames for one member that came together in one turn of the engine. Filled by one thread, then handed to another. */
final class Batch {
    /** A buffer that would grow beyond this length in bytes is full. */
    private static final int BUFFER_BYTES = 64 << 10;

    private static final int FIRST_BYTES = 4 << 10;
    private static final int OVERHEAD_BYTES = 256;

    /** A forwarded operation that is in the batch. */
    record Forwarding(long attempt, long remainingMs) {}

    private final ByteBufAllocator allocator;
    private final List<ByteBuf> buffers = new ArrayList<>(1);
    private final List<Forwarding> forwards = new ArrayList<>(0);
    private final Map<MessageType, Integer> counts = new EnumMap<>(MessageType.class);
    private long bytes;

    Batch(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /** Adds a message; false when it does not fit into a frame. */
    boolean add(MessageCodec codec, int version, Message message, MessageType type, int maxFrameBytes) {
        ByteBuf out = room(roughBytes(message));
        int start = out.writerIndex();
        Frames.begin(out, FrameKind.MESSAGE);
        codec.write(out, message, version);
        int length = Frames.end(out, start);
        if (length - Integer.BYTES > maxFrameBytes) {
            out.writerIndex(start);
            return false;
        }
        bytes += length;
        counts.merge(type, 1, Integer::sum);
        if (message instanceof Forward forward) {
            forwards.add(new Forwarding(forward.attempt(), forward.remainingMs()));
        }
        return true;
    }

    private ByteBuf room(int wantedBytes) {
        if (!buffers.isEmpty() && buffers.getLast().writerIndex() + wantedBytes <= BUFFER_BYTES) {
            return buffers.getLast();
        }
        ByteBuf buffer = allocator.ioBuffer(Math.max(FIRST_BYTES, wantedBytes));
        buffers.add(buffer);
        return buffer;
    }

    /** What a message may take; only a hint, since buffers grow. */
    private static int roughBytes(Message message) {
        int payload = switch (message) {
            case Append append ->
                append.entries().stream().mapToInt(Entry::sizeBytes).sum();
            case SnapshotPart part -> part.data().size();
            case Forward forward -> forward.operation().sizeBytes();
            case Heartbeat m -> 0;
            case Goodbye m -> 0;
            case RingOffer m -> 0;
            case Ack m -> 0;
            case Nack m -> 0;
            case SnapshotAck m -> 0;
            case Stopped m -> 0;
            case Forwarded m -> 0;
            case NotAppended m -> 0;
        };
        return payload + OVERHEAD_BYTES;
    }

    long bytes() {
        return bytes;
    }

    List<ByteBuf> buffers() {
        return buffers;
    }

    List<Forwarding> forwards() {
        return forwards;
    }

    void countSent(TransportMetrics metrics) {
        counts.forEach(metrics::countSent);
    }

    void countLost(TransportMetrics metrics) {
        counts.forEach((type, count) -> metrics.countDropped(type, Drop.CONNECTION_LOST, count));
    }

    void release() {
        buffers.forEach(ByteBuf::release);
    }
}
