package dev.kvstore.node.transport.codec;

import dev.kvstore.core.data.Change;
import dev.kvstore.core.data.Entry;
import dev.kvstore.core.data.EntryId;
import dev.kvstore.core.data.Stored;
import io.netty.buffer.ByteBuf;

/** Log entries and stored values. */
final class DataCodec {
    private static final int PUT = 1;
    private static final int DELETE = 2;
    private static final int NOOP = 3;

    private DataCodec() {}

    static void writeId(ByteBuf out, EntryId id) {
        Wire.writeLong(out, id.epoch());
        Wire.writeLong(out, id.boot());
        Wire.writeLong(out, id.seq());
    }

    static EntryId readId(ByteBuf in) throws CodecException {
        return new EntryId(Wire.readLong(in), Wire.readLong(in), Wire.readLong(in));
    }

    static void writeEntry(ByteBuf out, Entry entry) {
        writeId(out, entry.id());
        switch (entry.change()) {
            case Change.Put put -> {
                out.writeByte(PUT);
                Wire.writeBytes(out, put.key());
                Wire.writeBytes(out, put.value());
                Wire.writeLong(out, put.expiresAtMs());
            }
            case Change.Delete delete -> {
                out.writeByte(DELETE);
                Wire.writeBytes(out, delete.key());
            }
            case Change.Noop noop -> out.writeByte(NOOP);
        }
    }

    static Entry readEntry(ByteBuf in) throws CodecException {
        EntryId id = readId(in);
        int type = in.readUnsignedByte();
        Change change = switch (type) {
            case PUT -> new Change.Put(Wire.readBytes(in), Wire.readBytes(in), Wire.readLong(in));
            case DELETE -> new Change.Delete(Wire.readBytes(in));
            case NOOP -> new Change.Noop();
            default -> throw new CodecException("a change of the unknown type " + type);
        };
        return new Entry(id, change);
    }

    static void writeStored(ByteBuf out, Stored stored) {
        Wire.writeBytes(out, stored.value());
        Wire.writeLong(out, stored.version());
        Wire.writeLong(out, stored.expiresAtMs());
    }

    static Stored readStored(ByteBuf in) throws CodecException {
        return new Stored(Wire.readBytes(in), Wire.readLong(in), Wire.readLong(in));
    }
}
