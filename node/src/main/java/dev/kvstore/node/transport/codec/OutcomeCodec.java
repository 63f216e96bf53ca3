package dev.kvstore.node.transport.codec;

import dev.kvstore.core.data.Outcome;
import dev.kvstore.core.data.Outcome.Failure;
import io.netty.buffer.ByteBuf;

/** Outcomes of operations. */
final class OutcomeCodec {
    private static final int FOUND = 1;
    private static final int NOT_FOUND = 2;
    private static final int WRITTEN = 3;
    private static final int DELETED = 4;
    private static final int CONDITION_FAILED = 5;
    private static final int PAGE = 6;
    private static final int FAILED = 7;

    private OutcomeCodec() {}

    static void write(ByteBuf out, Outcome outcome) {
        switch (outcome) {
            case Outcome.Found found -> {
                out.writeByte(FOUND);
                DataCodec.writeStored(out, found.stored());
            }
            case Outcome.NotFound notFound -> out.writeByte(NOT_FOUND);
            case Outcome.Written written -> {
                out.writeByte(WRITTEN);
                Wire.writeLong(out, written.version());
                Wire.writeBoolean(out, written.created());
            }
            case Outcome.Deleted deleted -> {
                out.writeByte(DELETED);
                Wire.writeLong(out, deleted.version());
            }
            case Outcome.ConditionFailed failed -> {
                out.writeByte(CONDITION_FAILED);
                Wire.writeLong(out, failed.version());
            }
            case Outcome.Page page -> {
                out.writeByte(PAGE);
                Wire.writeList(out, page.items(), (to, item) -> {
                    Wire.writeBytes(to, item.key());
                    DataCodec.writeStored(to, item.stored());
                });
                Wire.writeBoolean(out, page.more());
            }
            case Outcome.Failed failed -> {
                out.writeByte(FAILED);
                out.writeByte(code(failed.failure()));
            }
        }
    }

    static Outcome read(ByteBuf in) throws CodecException {
        int type = in.readUnsignedByte();
        return switch (type) {
            case FOUND -> new Outcome.Found(DataCodec.readStored(in));
            case NOT_FOUND -> new Outcome.NotFound();
            case WRITTEN -> new Outcome.Written(Wire.readLong(in), Wire.readBoolean(in));
            case DELETED -> new Outcome.Deleted(Wire.readLong(in));
            case CONDITION_FAILED -> new Outcome.ConditionFailed(Wire.readLong(in));
            case PAGE ->
                new Outcome.Page(
                        Wire.readList(in, from -> new Outcome.Item(Wire.readBytes(from), DataCodec.readStored(from))),
                        Wire.readBoolean(in));
            case FAILED -> new Outcome.Failed(failure(in.readUnsignedByte()));
            default -> throw new CodecException("an outcome of the unknown type " + type);
        };
    }

    private static int code(Failure failure) {
        return switch (failure) {
            case OVERLOADED -> 1;
            case NO_PRIMARY -> 2;
            case TOO_FEW_COPIES -> 3;
            case LOST -> 4;
            case DISK_FULL -> 5;
            case UNKNOWN -> 6;
        };
    }

    private static Failure failure(int code) throws CodecException {
        for (Failure failure : Failure.values()) {
            if (code(failure) == code) {
                return failure;
            }
        }
        throw new CodecException("a failure of the unknown kind " + code);
    }
}
