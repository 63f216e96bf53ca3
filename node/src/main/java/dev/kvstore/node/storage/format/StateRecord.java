package dev.kvstore.node.storage.format;

import dev.kvstore.core.data.EntryId;
import dev.kvstore.core.io.Effect;

/** A partition's records: how far its state is, where its log begins, whom its primary waits for. */
public final class StateRecord {
    private static final int FORMAT = 1;

    private StateRecord() {}

    /**
     * Where a log begins.
     *
     * @param at identity of the entry before the log's first one
     * @param incomplete whether a snapshot is being installed
     */
    public record Base(EntryId at, boolean incomplete) {}

    /** A stored identity. */
    public static byte[] encode(EntryId id) {
        return id(new ByteWriter(31).u8(FORMAT), id).toArray();
    }

    /** Reads an identity. */
    public static EntryId decodeId(byte[] record) throws FormatException {
        ByteReader in = new ByteReader(record);
        in.format("an identity", FORMAT);
        EntryId id = id(in);
        in.end();
        return id;
    }

    /** A stored beginning of a log. */
    public static byte[] encode(Base base) {
        return id(new ByteWriter(32).u8(FORMAT).u8(base.incomplete() ? 1 : 0), base.at())
                .toArray();
    }

    /** Reads the beginning of a log. */
    public static Base decodeBase(byte[] record) throws FormatException {
        ByteReader in = new ByteReader(record);
        in.format("the beginning of a log", FORMAT);
        boolean incomplete = in.u8() != 0;
        Base base = new Base(id(in), incomplete);
        in.end();
        return base;
    }

    /** A stored learner that is waited for. */
    public static byte[] encode(Effect.Joining joining) {
        return new ByteWriter(64)
                .u8(FORMAT)
                .text(joining.member())
                .text(joining.storeId())
                .varLong(joining.epoch())
                .toArray();
    }

    /** Reads a learner that is waited for. */
    public static Effect.Joining decodeJoining(byte[] record) throws FormatException {
        ByteReader in = new ByteReader(record);
        in.format("a joining learner", FORMAT);
        Effect.Joining joining = new Effect.Joining(in.text(), in.text(), in.varLong());
        in.end();
        return joining;
    }

    private static ByteWriter id(ByteWriter out, EntryId id) {
        return out.varLong(id.epoch()).varLong(id.boot()).varLong(id.seq());
    }

    private static EntryId id(ByteReader in) throws FormatException {
        return new EntryId(in.varLong(), in.varLong(), in.varLong());
    }
}
