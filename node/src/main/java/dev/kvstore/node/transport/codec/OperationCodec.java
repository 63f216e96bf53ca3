package dev.kvstore.node.transport.codec;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Condition;
import dev.kvstore.core.data.Operation;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Operations and their conditions. */
final class OperationCodec {
    private static final int GET = 1;
    private static final int PUT = 2;
    private static final int DELETE = 3;
    private static final int EXPIRE = 4;
    private static final int SCAN = 5;

    private static final int ALWAYS = 1;
    private static final int IF_ABSENT = 2;
    private static final int IF_VERSION = 3;

    private OperationCodec() {}

    static void write(ByteBuf out, Operation operation) {
        switch (operation) {
            case Operation.Get get -> {
                out.writeByte(GET);
                Wire.writeBytes(out, get.key());
                Wire.writeBoolean(out, get.stale());
            }
            case Operation.Put put -> {
                out.writeByte(PUT);
                Wire.writeBytes(out, put.key());
                Wire.writeBytes(out, put.value());
                Wire.writeLong(out, put.ttlMs());
                writeCondition(out, put.condition());
            }
            case Operation.Delete delete -> {
                out.writeByte(DELETE);
                Wire.writeBytes(out, delete.key());
                writeCondition(out, delete.condition());
            }
            case Operation.Expire expire -> {
                out.writeByte(EXPIRE);
                Wire.writeBytes(out, expire.key());
            }
            case Operation.Scan scan -> writeScan(out, scan);
        }
    }

    static Operation read(ByteBuf in) throws CodecException {
        int type = in.readUnsignedByte();
        return switch (type) {
            case GET -> new Operation.Get(Wire.readBytes(in), Wire.readBoolean(in));
            case PUT -> new Operation.Put(Wire.readBytes(in), Wire.readBytes(in), Wire.readLong(in), readCondition(in));
            case DELETE -> new Operation.Delete(Wire.readBytes(in), readCondition(in));
            case EXPIRE -> new Operation.Expire(Wire.readBytes(in));
            case SCAN -> readScan(in);
            default -> throw new CodecException("an operation of the unknown type " + type);
        };
    }

    private static void writeScan(ByteBuf out, Operation.Scan scan) {
        out.writeByte(SCAN);
        Wire.writeLong(out, scan.partition());
        Wire.writeBytes(out, scan.prefix());
        Bytes after = scan.after();
        Wire.writeBoolean(out, after != null);
        if (after != null) {
            Wire.writeBytes(out, after);
        }
        Wire.writeLong(out, scan.limit());
        Wire.writeBoolean(out, scan.values());
    }

    private static Operation.Scan readScan(ByteBuf in) throws CodecException {
        int partition = Wire.readInt(in);
        Bytes prefix = Wire.readBytes(in);
        @Nullable Bytes after = Wire.readBoolean(in) ? Wire.readBytes(in) : null;
        return new Operation.Scan(partition, prefix, after, Wire.readInt(in), Wire.readBoolean(in));
    }

    private static void writeCondition(ByteBuf out, Condition condition) {
        switch (condition) {
            case Condition.Always always -> out.writeByte(ALWAYS);
            case Condition.IfAbsent absent -> out.writeByte(IF_ABSENT);
            case Condition.IfVersion wanted -> {
                out.writeByte(IF_VERSION);
                Wire.writeLong(out, wanted.version());
            }
        }
    }

    private static Condition readCondition(ByteBuf in) throws CodecException {
        int type = in.readUnsignedByte();
        return switch (type) {
            case ALWAYS -> Condition.ALWAYS;
            case IF_ABSENT -> new Condition.IfAbsent();
            case IF_VERSION -> new Condition.IfVersion(Wire.readLong(in));
            default -> throw new CodecException("a condition of the unknown type " + type);
        };
    }
}
