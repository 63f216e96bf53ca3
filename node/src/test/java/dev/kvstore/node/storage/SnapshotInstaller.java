package dev.kvstore.node.storage;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.EntryId;
import dev.kvstore.core.io.Effect.Write;
import dev.kvstore.node.storage.format.DataRecord;
import dev.kvstore.node.storage.format.SnapshotPart;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Installs one snapshot after the other in the same partition, each of other keys, and says how far it is, until it is killed.
 */
final class SnapshotInstaller {
    static final int KEYS = 200;
    static final StorageSettings SETTINGS = Disk.SETTINGS.withTableFileBytes(1_000);

    private static final int KEYS_A_PART = 8;
    private static final int VALUE_BYTES = 100;

    private SnapshotInstaller() {}

    public static void main(String[] args) throws Exception {
        Disk disk = new Disk(Path.of(args[0]), SETTINGS);
        long round = disk.storage().recovered().boot() * 1_000_000;
        while (true) {
            round++;
            disk.persist(new Write.BeginSnapshot(0, at(round), round));
            List<Bytes> parts = parts(round);
            for (int index = 0; index < parts.size(); index++) {
                disk.bring(0, round, index, parts.get(index), index == parts.size() - 1);
                System.out.println("part");
            }
            disk.persist(new Write.EndSnapshot(0, at(round)));
            System.out.println("whole " + round);
        }
    }

    static EntryId at(long round) {
        return new EntryId(round, 1, round);
    }

    /** The keys of a round, in their order. */
    static List<String> keys(long round) {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            keys.add("round%d-%04d".formatted(round, i));
        }
        return keys;
    }

    /** The snapshot of a round; every third key expires. */
    static List<Bytes> parts(long round) {
        List<Bytes> parts = new ArrayList<>();
        List<String> keys = keys(round);
        for (int from = 0; from < KEYS; from += KEYS_A_PART) {
            SnapshotPart part = new SnapshotPart(KEYS_A_PART * 2 * VALUE_BYTES);
            for (int i = from; i < from + KEYS_A_PART; i++) {
                part.add(
                        Bytes.utf8(keys.get(i)).array(),
                        DataRecord.encode(Bytes.wrap(new byte[VALUE_BYTES]), round, i % 3 == 0 ? 5_000 : 0));
            }
            parts.add(part.encode());
        }
        return parts;
    }
}
