package dev.kvstore.node.transport.codec;

import io.netty.buffer.ByteBuf;

/** Why a connection is not wanted; {@code text} is for people. */
public record Refusal(Reason reason, String text) {
    /** The kinds of reasons. */
    public enum Reason {
        /** One side is too old for the other. */
        VERSION(1),
        /** The two belong to different clusters. */
        CLUSTER(2),
        /** It has dialled itself. */
        SELF(3),
        /** Another process of this name is there. */
        NAME(4),
        /** A younger process of this name was there. */
        BOOT(5),
        /** A reason that this build does not know. */
        OTHER(0);

        private final int code;

        Reason(int code) {
            this.code = code;
        }

        private static Reason of(int code) {
            for (Reason reason : values()) {
                if (reason.code == code) {
                    return reason;
                }
            }
            return OTHER;
        }
    }

    /** Writes it. */
    void write(ByteBuf out) {
        out.writeByte(reason.code);
        Wire.writeText(out, text);
    }

    /**
     * Reads one; what a newer version may have put after it is ignored.
     *
     * @throws CodecException when it is none
     */
    public static Refusal read(ByteBuf in) throws CodecException {
        try {
            return new Refusal(Reason.of(in.readUnsignedByte()), Wire.readText(in));
        } catch (IndexOutOfBoundsException e) {
            throw new CodecException("a refusal that is cut short", e);
        }
    }
}
