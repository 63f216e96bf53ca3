package dev.kvstore.node.transport.codec;

import dev.kvstore.core.data.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * How single values lie on the wire. Whole numbers take seven bits a byte, the lowest first, so that small ones are short.
 * Whatever announces a length is checked against what is there before anything of that length is made. Reading past the end
 * throws {@link IndexOutOfBoundsException}.
 */
final class Wire {
    private static final int MAX_LONG_BITS = 64;
    private static final int FIRST_CAPACITY = 1_024;

    private Wire() {}

    /** Reads one element of a list. */
    interface Reader<T> {
        T read(ByteBuf in) throws CodecException;
    }

    static void writeLong(ByteBuf out, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.writeByte((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }

    static long readLong(ByteBuf in) throws CodecException {
        long value = 0;
        for (int shift = 0; shift < MAX_LONG_BITS; shift += 7) {
            byte next = in.readByte();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new CodecException("a number without an end");
    }

    /** For numbers that are never negative. */
    static int readInt(ByteBuf in) throws CodecException {
        long value = readLong(in);
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new CodecException("a number out of range: " + value);
        }
        return (int) value;
    }

    /** For numbers that may be negative. */
    static int readSignedInt(ByteBuf in) throws CodecException {
        long value = readLong(in);
        if (value != (int) value) {
            throw new CodecException("a number out of range: " + value);
        }
        return (int) value;
    }

    static void writeBoolean(ByteBuf out, boolean value) {
        out.writeByte(value ? 1 : 0);
    }

    static boolean readBoolean(ByteBuf in) throws CodecException {
        return switch (in.readByte()) {
            case 0 -> false;
            case 1 -> true;
            default -> throw new CodecException("a truth value that is neither");
        };
    }

    static void writeText(ByteBuf out, String text) {
        writeLong(out, ByteBufUtil.utf8Bytes(text));
        ByteBufUtil.writeUtf8(out, text);
    }

    static String readText(ByteBuf in) throws CodecException {
        return in.readCharSequence(readLength(in), StandardCharsets.UTF_8).toString();
    }

    static void writeBytes(ByteBuf out, Bytes bytes) {
        writeArray(out, bytes.array());
    }

    static Bytes readBytes(ByteBuf in) throws CodecException {
        return Bytes.wrap(readArray(in));
    }

    static void writeArray(ByteBuf out, byte[] array) {
        writeLong(out, array.length);
        out.writeBytes(array);
    }

    static byte[] readArray(ByteBuf in) throws CodecException {
        byte[] array = new byte[readLength(in)];
        in.readBytes(array);
        return array;
    }

    static <T> void writeList(ByteBuf out, List<T> list, BiConsumer<ByteBuf, T> writer) {
        writeLong(out, list.size());
        for (T each : list) {
            writer.accept(out, each);
        }
    }

    /** Every element takes a byte at least, so a list cannot be longer than the bytes that are there. */
    static <T> List<T> readList(ByteBuf in, Reader<T> reader) throws CodecException {
        int size = readLength(in);
        List<T> list = new ArrayList<>(Math.min(size, FIRST_CAPACITY));
        for (int i = 0; i < size; i++) {
            list.add(reader.read(in));
        }
        return Collections.unmodifiableList(list);
    }

    private static int readLength(ByteBuf in) throws CodecException {
        int length = readInt(in);
        if (length > in.readableBytes()) {
            throw new CodecException("a length of " + length + " where only " + in.readableBytes() + " bytes are left");
        }
        return length;
    }
}
