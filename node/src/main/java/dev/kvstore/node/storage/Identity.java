package dev.kvstore.node.storage;

import dev.kvstore.core.ring.Ring;
import dev.kvstore.node.codec.RingFormatException;
import dev.kvstore.node.codec.RingJson;
import dev.kvstore.node.storage.format.FormatException;
import dev.kvstore.node.storage.rocks.Batch;
import dev.kvstore.node.storage.rocks.Database;
import dev.kvstore.node.storage.rocks.Family;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * Whose store it is.
 *
 * @param name the member's name
 * @param storeId 128 random bits in hexadecimal, drawn when the store was made
 * @param boot number of the last start
 * @param clusterId the cluster that it belongs to, empty for none yet
 * @param ring the ring that was stored last, or null
 */
record Identity(
        String name,
        String storeId,
        long boot,
        String clusterId,
        @Nullable Ring ring) {
    /**
     * Version of the store as a whole: its column families and what stands in which. It is raised with that of any record in
     * it, so that a program that does not know one of them refuses at the start. A store of the version before is taken over
     * by being opened.
     */
    static final int FORMAT = 1;

    private static final int OLDEST = Math.max(1, FORMAT - 1);

    private static final int STORE_ID_BYTES = 16;
    private static final byte[] FORMAT_KEY = bytes("format");
    private static final byte[] NAME_KEY = bytes("name");
    private static final byte[] STORE_ID_KEY = bytes("storeId");
    private static final byte[] BOOT_KEY = bytes("boot");
    private static final byte[] CLUSTER_KEY = bytes("cluster");
    private static final byte[] RING_KEY = bytes("ring");

    /** That of a new store, not started yet. */
    static Identity fresh(String name) {
        byte[] random = new byte[STORE_ID_BYTES];
        new SecureRandom().nextBytes(random);
        return new Identity(name, HexFormat.of().formatHex(random), 0, "", null);
    }

    /** Reads that of a store; null when it has none, because its making was cut short. */
    static @Nullable Identity read(Database database) throws RocksDBException, FormatException {
        String format = text(database, FORMAT_KEY);
        if (format == null) {
            return null;
        }
        long found = number("format", format);
        if (found > FORMAT || found < OLDEST) {
            throw FormatException.otherVersion("it", found, OLDEST, FORMAT);
        }
        String name = text(database, NAME_KEY);
        String storeId = text(database, STORE_ID_KEY);
        String boot = text(database, BOOT_KEY);
        if (name == null || storeId == null || boot == null) {
            throw new FormatException("its name, id or number of starts is missing");
        }
        String clusterId = text(database, CLUSTER_KEY);
        String ring = text(database, RING_KEY);
        try {
            return new Identity(
                    name,
                    storeId,
                    number("boot", boot),
                    clusterId == null ? "" : clusterId,
                    ring == null ? null : RingJson.read(ring));
        } catch (RingFormatException e) {
            throw new FormatException("its ring cannot be read: " + e.getMessage());
        }
    }

    /** The same at its next start. */
    Identity started() {
        return new Identity(name, storeId, boot + 1, clusterId, ring);
    }

    /** Writes who it is and the number of its start, but not the ring. */
    void write(Batch batch) throws RocksDBException {
        batch.put(Family.META, FORMAT_KEY, bytes(Integer.toString(FORMAT)));
        batch.put(Family.META, NAME_KEY, bytes(name));
        batch.put(Family.META, STORE_ID_KEY, bytes(storeId));
        batch.put(Family.META, BOOT_KEY, bytes(Long.toString(boot)));
    }

    /** Writes a ring and the cluster that it belongs to. */
    static void writeRing(Batch batch, Ring ring) throws RocksDBException {
        batch.put(Family.META, CLUSTER_KEY, bytes(ring.clusterId()));
        batch.put(Family.META, RING_KEY, bytes(RingJson.write(ring)));
    }

    private static @Nullable String text(Database database, byte[] key) throws RocksDBException {
        byte[] value = database.get(Family.META, key);
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }

    private static long number(String what, String text) throws FormatException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new FormatException("its " + what + " is no number");
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
