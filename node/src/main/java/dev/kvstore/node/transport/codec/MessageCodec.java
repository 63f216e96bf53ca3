package dev.kvstore.node.transport.codec;

import dev.kvstore.core.message.Message;
import dev.kvstore.core.message.Message.Ack;
import dev.kvstore.core.message.Message.Append;
import dev.kvstore.core.message.Message.Commit;
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
import dev.kvstore.core.ring.Ring;
import dev.kvstore.node.codec.RingFormatException;
import dev.kvstore.node.codec.RingJson;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Messages to bytes and back, in the layouts of {@link Protocol#OLDEST} to {@link Protocol#VERSION}. Writing is for one thread,
 * since the ring that was written last is remembered; reading is for any.
 */
public final class MessageCodec {
    private @Nullable Ring lastRing;
    private byte[] lastRingJson = new byte[0];

    /** Appends a message to a buffer, in the layout of this version. */
    public void write(ByteBuf out, Message message, int version) {
        int start = out.writerIndex();
        write(out, message);
        if (version >= Protocol.WITH_CHECKSUM) {
            out.writeInt(checksum(out, start, out.writerIndex() - start));
        }
    }

    private void write(ByteBuf out, Message message) {
        out.writeByte(MessageType.of(message).code());
        switch (message) {
            case Heartbeat m -> writeHeartbeat(out, m);
            case Goodbye m -> {}
            case RingOffer m -> Wire.writeArray(out, json(m.ring()));
            case Append m -> writeAppend(out, m);
            case Ack m -> {
                Wire.writeLong(out, m.partition());
                Wire.writeLong(out, m.epoch());
                Wire.writeLong(out, m.boot());
                Wire.writeLong(out, m.stream());
                Wire.writeLong(out, m.seq());
            }
            case Nack m -> {
                Wire.writeLong(out, m.partition());
                Wire.writeLong(out, m.epoch());
                Wire.writeLong(out, m.boot());
                DataCodec.writeId(out, m.last());
                DataCodec.writeId(out, m.applied());
                Wire.writeBoolean(out, m.incomplete());
                Wire.writeLong(out, m.request());
            }
            case SnapshotPart m -> writeSnapshotPart(out, m);
            case SnapshotAck m -> {
                Wire.writeLong(out, m.partition());
                Wire.writeLong(out, m.epoch());
                Wire.writeLong(out, m.boot());
                Wire.writeLong(out, m.request());
                Wire.writeLong(out, m.next());
            }
            case Stopped m -> {
                Wire.writeLong(out, m.partition());
                Wire.writeLong(out, m.since());
            }
            case Forward m -> {
                Wire.writeLong(out, m.attempt());
                OperationCodec.write(out, m.operation());
                Wire.writeLong(out, m.remainingMs());
            }
            case Forwarded m -> {
                Wire.writeLong(out, m.attempt());
                OutcomeCodec.write(out, m.outcome());
            }
            case NotAppended m -> {
                Wire.writeLong(out, m.attempt());
                Wire.writeLong(out, m.ringVersion());
            }
        }
    }

    /**
     * Reads the message that a buffer holds, in the layout of this version.
     *
     * @throws CodecException when it holds none, or more than one, or was changed on its way
     */
    public static Message read(ByteBuf in, int version) throws CodecException {
        return read(version >= Protocol.WITH_CHECKSUM ? checked(in) : in);
    }

    private static ByteBuf checked(ByteBuf in) throws CodecException {
        int bytes = in.readableBytes() - Integer.BYTES;
        if (bytes < 0) {
            throw new CodecException("a message that is cut short");
        }
        ByteBuf content = in.readSlice(bytes);
        if (in.readInt() != checksum(content, content.readerIndex(), bytes)) {
            throw new CodecException("a message that was changed on its way: it does not match its checksum");
        }
        return content;
    }

    private static int checksum(ByteBuf buffer, int from, int bytes) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.nioBuffer(from, bytes));
        return (int) crc.getValue();
    }

    private static Message read(ByteBuf in) throws CodecException {
        try {
            Message message = read(MessageType.of(in.readUnsignedByte()), in);
            if (in.isReadable()) {
                throw new CodecException(in.readableBytes() + " bytes more than a message has");
            }
            return message;
        } catch (IndexOutOfBoundsException e) {
            throw new CodecException("a message that is cut short", e);
        }
    }

    private static Message read(MessageType type, ByteBuf in) throws CodecException {
        return switch (type) {
            case HEARTBEAT -> readHeartbeat(in);
            case GOODBYE -> new Goodbye();
            case RING_OFFER -> new RingOffer(readRing(in));
            case APPEND -> readAppend(in);
            case ACK ->
                new Ack(Wire.readInt(in), Wire.readLong(in), Wire.readLong(in), Wire.readLong(in), Wire.readLong(in));
            case NACK ->
                new Nack(
                        Wire.readInt(in),
                        Wire.readLong(in),
                        Wire.readLong(in),
                        DataCodec.readId(in),
                        DataCodec.readId(in),
                        Wire.readBoolean(in),
                        Wire.readLong(in));
            case SNAPSHOT_PART -> readSnapshotPart(in);
            case SNAPSHOT_ACK ->
                new SnapshotAck(
                        Wire.readInt(in),
                        Wire.readLong(in),
                        Wire.readLong(in),
                        Wire.readLong(in),
                        Wire.readSignedInt(in));
            case STOPPED -> new Stopped(Wire.readInt(in), Wire.readLong(in));
            case FORWARD -> new Forward(Wire.readLong(in), OperationCodec.read(in), Wire.readLong(in));
            case FORWARDED -> new Forwarded(Wire.readLong(in), OutcomeCodec.read(in));
            case NOT_APPENDED -> new NotAppended(Wire.readLong(in), Wire.readLong(in));
        };
    }

    private static void writeHeartbeat(ByteBuf out, Heartbeat m) {
        Wire.writeLong(out, m.id());
        Wire.writeLong(out, m.ackOf());
        Wire.writeBoolean(out, m.grants());
        Wire.writeText(out, m.clusterId());
        Wire.writeLong(out, m.ringVersion());
        out.writeInt(m.ringHash());
        Wire.writeBoolean(out, m.emptyDisk());
        Wire.writeText(out, m.instance());
        Wire.writeText(out, m.address());
        Wire.writeText(out, m.peerAddress());
        Wire.writeText(out, m.zone());
        Wire.writeList(out, m.commits(), (to, commit) -> {
            Wire.writeLong(to, commit.partition());
            Wire.writeLong(to, commit.epoch());
            Wire.writeLong(to, commit.seq());
        });
        ReportCodec.write(out, m.report());
    }

    private static Heartbeat readHeartbeat(ByteBuf in) throws CodecException {
        return new Heartbeat(
                Wire.readLong(in),
                Wire.readLong(in),
                Wire.readBoolean(in),
                Wire.readText(in),
                Wire.readLong(in),
                in.readInt(),
                Wire.readBoolean(in),
                Wire.readText(in),
                Wire.readText(in),
                Wire.readText(in),
                Wire.readText(in),
                Wire.readList(in, from -> new Commit(Wire.readInt(from), Wire.readLong(from), Wire.readLong(from))),
                ReportCodec.read(in));
    }

    private static void writeAppend(ByteBuf out, Append m) {
        Wire.writeLong(out, m.partition());
        Wire.writeLong(out, m.epoch());
        Wire.writeLong(out, m.stream());
        DataCodec.writeId(out, m.previous());
        Wire.writeList(out, m.entries(), DataCodec::writeEntry);
        Wire.writeLong(out, m.commitSeq());
        Wire.writeLong(out, m.trimSeq());
    }

    private static Append readAppend(ByteBuf in) throws CodecException {
        return new Append(
                Wire.readInt(in),
                Wire.readLong(in),
                Wire.readLong(in),
                DataCodec.readId(in),
                Wire.readList(in, DataCodec::readEntry),
                Wire.readLong(in),
                Wire.readLong(in));
    }

    private static void writeSnapshotPart(ByteBuf out, SnapshotPart m) {
        Wire.writeLong(out, m.partition());
        Wire.writeLong(out, m.epoch());
        Wire.writeLong(out, m.request());
        Wire.writeLong(out, m.index());
        DataCodec.writeId(out, m.at());
        Wire.writeBytes(out, m.data());
        Wire.writeBoolean(out, m.last());
    }

    private static SnapshotPart readSnapshotPart(ByteBuf in) throws CodecException {
        return new SnapshotPart(
                Wire.readInt(in),
                Wire.readLong(in),
                Wire.readLong(in),
                Wire.readInt(in),
                DataCodec.readId(in),
                Wire.readBytes(in),
                Wire.readBoolean(in));
    }

    /** A new ring goes to every member in a row, and writing it takes a while. */
    private byte[] json(Ring ring) {
        if (!ring.equals(lastRing)) {
            lastRingJson = RingJson.write(ring).getBytes(StandardCharsets.UTF_8);
            lastRing = ring;
        }
        return lastRingJson;
    }

    private static Ring readRing(ByteBuf in) throws CodecException {
        String json = Wire.readText(in);
        try {
            return RingJson.read(json);
        } catch (RingFormatException e) {
            throw new CodecException("a ring that cannot be read: " + e.getMessage(), e);
        }
    }
}
