package dev.kvstore.core.ring;

import dev.kvstore.core.data.Bytes;

/**
 * Maps keys to slots and slots to partitions. The mapping to slots is that of Redis Cluster (CRC16-XMODEM of the key or of
 * its hash tag, modulo 16384; see the Redis Cluster specification, "Key distribution model").
 */
public final class Slots {
    /** Number of slots. */
    public static final int COUNT = 16384;

    private static final int POLYNOMIAL = 0x1021;
    private static final char[] TABLE = table();

    private Slots() {}

    /** The slot of a key, 0 to {@link #COUNT} - 1. */
    public static int slotOf(Bytes key) {
        byte[] array = key.array();
        int open = indexOf(array, '{', 0);
        if (open >= 0) {
            int close = indexOf(array, '}', open + 1);
            if (close > open + 1) {
                return crc16(array, open + 1, close) % COUNT;
            }
        }
        return crc16(array, 0, array.length) % COUNT;
    }

    /**
     * The partition that a slot belongs to: partitions are contiguous ranges of slots of equal length.
     *
     * @param partitions how many there are, a power of two from 1 to 1024
     */
    public static int partitionOfSlot(int slot, int partitions) {
        return slot / (COUNT / partitions);
    }

    /** The partition of a key. */
    public static int partitionOf(Bytes key, int partitions) {
        return partitionOfSlot(slotOf(key), partitions);
    }

    /** CRC16-XMODEM of a range of bytes. */
    static int crc16(byte[] array, int from, int to) {
        int crc = 0;
        for (int i = from; i < to; i++) {
            crc = ((crc << 8) & 0xFFFF) ^ TABLE[((crc >>> 8) ^ array[i]) & 0xFF];
        }
        return crc;
    }

    private static int indexOf(byte[] array, char wanted, int from) {
        for (int i = from; i < array.length; i++) {
            if (array[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static char[] table() {
        char[] table = new char[256];
        for (int i = 0; i < table.length; i++) {
            int crc = i << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) != 0 ? (crc << 1) ^ POLYNOMIAL : crc << 1;
            }
            table[i] = (char) crc;
        }
        return table;
    }
}
