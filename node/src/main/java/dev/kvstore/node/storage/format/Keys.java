package dev.kvstore.node.storage.format;

import dev.kvstore.core.data.Bytes;
import java.util.Arrays;

/**
 * Keys of the column families. All begin with the partition's number, and all numbers have their highest byte first, so that
 * the order of keys is that of partitions, sequences, times and user keys.
 */
public final class Keys {
    private static final int PARTITION_BYTES = Integer.BYTES;
    private static final int EXPIRY_BYTES = PARTITION_BYTES + Long.BYTES;

    private Keys() {}

    /** What a partition's record of the state is about. */
    public enum State {
        /** Identity of the entry that the state has reached. */
        APPLIED('a'),
        /** Identity of the entry before the log's first one, and whether the copy is complete. */
        BASE('b'),
        /** The learner that the primary waits for. */
        JOINING('j');

        private final byte code;

        State(char code) {
            this.code = (byte) code;
        }
    }

    /** Lowest key of a partition, in every column family. */
    public static byte[] from(int partition) {
        byte[] key = new byte[PARTITION_BYTES];
        putInt(key, 0, partition);
        return key;
    }

    /** The key after a partition's highest one. */
    public static byte[] to(int partition) {
        return from(partition + 1);
    }

    /** Key of one of a partition's records. */
    public static byte[] state(int partition, State what) {
        byte[] key = new byte[PARTITION_BYTES + 1];
        key[putInt(key, 0, partition)] = what.code;
        return key;
    }

    /** Key of a log entry. */
    public static byte[] log(int partition, long seq) {
        byte[] key = new byte[PARTITION_BYTES + Long.BYTES];
        putLong(key, putInt(key, 0, partition), seq);
        return key;
    }

    /** Key of a user's key. */
    public static byte[] data(int partition, byte[] userKey) {
        byte[] key = new byte[PARTITION_BYTES + userKey.length];
        System.arraycopy(userKey, 0, key, putInt(key, 0, partition), userKey.length);
        return key;
    }

    /** Key of an entry of the index by time of expiry. */
    public static byte[] expiry(int partition, long expiresAtMs, byte[] userKey) {
        byte[] key = new byte[EXPIRY_BYTES + userKey.length];
        int at = putLong(key, putInt(key, 0, partition), expiresAtMs);
        System.arraycopy(userKey, 0, key, at, userKey.length);
        return key;
    }

    /** The lowest key above all that begin with this one, which begins with a partition's number. */
    public static byte[] afterAllWith(byte[] prefix) {
        int last = prefix.length - 1;
        while (prefix[last] == (byte) 0xFF) {
            last--;
        }
        byte[] key = Arrays.copyOf(prefix, last + 1);
        key[last]++;
        return key;
    }

    /** The partition that a key belongs to. */
    public static int partitionOf(byte[] key) throws FormatException {
        atLeast(key, PARTITION_BYTES);
        return intAt(key, 0);
    }

    /** What a partition's record is about. */
    public static State stateOf(byte[] key) throws FormatException {
        atLeast(key, PARTITION_BYTES + 1);
        for (State each : State.values()) {
            if (each.code == key[PARTITION_BYTES]) {
                return each;
            }
        }
        throw new FormatException("a partition's record is of the unknown kind " + key[PARTITION_BYTES]);
    }

    /** The sequence in a log entry's key. */
    public static long seqOf(byte[] key) throws FormatException {
        atLeast(key, PARTITION_BYTES + Long.BYTES);
        return ((long) intAt(key, PARTITION_BYTES) << 32) | (intAt(key, PARTITION_BYTES + 4) & 0xFFFFFFFFL);
    }

    /** The user's key in a key of the data. */
    public static Bytes userKeyOfData(byte[] key) throws FormatException {
        return rest(key, PARTITION_BYTES);
    }

    /** The user's key in a key of the index by time of expiry. */
    public static Bytes userKeyOfExpiry(byte[] key) throws FormatException {
        return rest(key, EXPIRY_BYTES);
    }

    static int putInt(byte[] array, int at, int value) {
        array[at] = (byte) (value >>> 24);
        array[at + 1] = (byte) (value >>> 16);
        array[at + 2] = (byte) (value >>> 8);
        array[at + 3] = (byte) value;
        return at + 4;
    }

    static int intAt(byte[] array, int at) {
        return (array[at] & 0xFF) << 24
                | (array[at + 1] & 0xFF) << 16
                | (array[at + 2] & 0xFF) << 8
                | (array[at + 3] & 0xFF);
    }

    private static int putLong(byte[] array, int at, long value) {
        return putInt(array, putInt(array, at, (int) (value >>> 32)), (int) value);
    }

    private static Bytes rest(byte[] key, int from) throws FormatException {
        atLeast(key, from);
        return Bytes.wrap(Arrays.copyOfRange(key, from, key.length));
    }

    private static void atLeast(byte[] key, int bytes) throws FormatException {
        if (key.length < bytes) {
            throw new FormatException("a key of " + key.length + " bytes where " + bytes + " are the least");
        }
    }
}
