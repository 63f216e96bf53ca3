package dev.kvstore.node.storage;

import dev.kvstore.core.data.Entry;
import dev.kvstore.core.io.Effect.Write;
import dev.kvstore.node.storage.rocks.Tuning;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Fills a store through several starts, so that it has table files, more than one file of the write-ahead log, a trimmed log
 * and a state that lags behind it; says so, and keeps it open until it is killed.
 */
final class StorageFiller {
    static final int PARTITIONS = 3;
    static final int ENTRIES = 4_000;
    static final Tuning SMALL = new Tuning(1 << 20, 1 << 19, 1 << 20, 2);

    private static final int STEP = 100;
    private static final int KEYS = 700;
    private static final int STARTS = 3;

    private StorageFiller() {}

    public static void main(String[] args) throws Exception {
        Disk disk = new Disk(Path.of(args[0]), Disk.SETTINGS.withTuning(SMALL));
        for (int from = 1; from <= ENTRIES; from += STEP) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                List<Entry> entries = entries(from, from + STEP - 1);
                disk.persist(new Write.AppendLog(partition, entries));
                // the last ones of one partition are logged and never applied
                if (partition > 0 || from + STEP <= ENTRIES) {
                    disk.apply(partition, entries);
                }
            }
            if (from == ENTRIES / 2 + 1) {
                disk.persist(new Write.TrimLog(1, Disk.id(1, ENTRIES / 4)));
            }
            if (from % (ENTRIES / STARTS) < STEP && from > STEP) {
                disk.reopen();
            }
        }
        System.out.println("filled");
        Thread.currentThread().join();
    }

    private static List<Entry> entries(int from, int to) {
        List<Entry> entries = new ArrayList<>();
        for (int seq = from; seq <= to; seq++) {
            String key = "key" + seq % KEYS;
            entries.add(
                    seq % 11 == 0
                            ? Disk.delete(1, seq, key)
                            : Disk.put(
                                    1, seq, key, "value " + seq + " ".repeat(seq % 90), seq % 13 == 0 ? 1L << 60 : 0));
        }
        return entries;
    }
}
