package dev.kvstore.node.storage.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Puts values one after the other into an array that grows. */
final class ByteWriter {
    private byte[] array;
    private int size;

    ByteWriter(int expectedBytes) {
        array = new byte[expectedBytes];
    }

    ByteWriter u8(int value) {
        room(1);
        array[size++] = (byte) value;
        return this;
    }

    /** Four bytes, the highest first. */
    ByteWriter i32(int value) {
        room(4);
        size = Keys.putInt(array, size, value);
        return this;
    }

    /** Seven bits a byte, the lowest first (LEB128); at most ten bytes. */
    ByteWriter varLong(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            array[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        array[size++] = (byte) rest;
        return this;
    }

    /** The bytes alone; whoever reads them must know how many they are. */
    ByteWriter raw(byte[] bytes) {
        room(bytes.length);
        System.arraycopy(bytes, 0, array, size, bytes.length);
        size += bytes.length;
        return this;
    }

    /** The length, then the bytes. */
    ByteWriter sized(byte[] bytes) {
        return varLong(bytes.length).raw(bytes);
    }

    ByteWriter text(String text) {
        return sized(text.getBytes(StandardCharsets.UTF_8));
    }

    int size() {
        return size;
    }

    byte[] toArray() {
        return size == array.length ? array : Arrays.copyOf(array, size);
    }

    private void room(int bytes) {
        int needed = Math.addExact(size, bytes);
        if (needed > array.length) {
            array = Arrays.copyOf(array, Math.max(needed, (int) Math.min(array.length * 2L, Integer.MAX_VALUE - 8)));
        }
    }
}
