package dev.kvstore.node.storage;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Change;
import dev.kvstore.core.data.Entry;
import dev.kvstore.core.data.EntryId;
import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Effect.Write;
import dev.kvstore.core.io.Input;
import dev.kvstore.core.io.Recovered;
import dev.kvstore.node.storage.rocks.Tuning;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Writes to a few partitions as a core would, with many persists under way, applies what was persisted, trims now and then,
 * and says what was answered, until it is killed. Each entry sets a key to the entry's sequence, so that the state tells
 * which sequence it is of.
 */
final class StorageWriter {
    static final int PARTITIONS = 4;
    static final int KEYS = 100;
    private static final int WINDOW = 32;
    private static final int TRIM_EACH = 500;

    private final Storage storage;
    private final BlockingQueue<Input> inputs = new LinkedBlockingQueue<>();
    private final long[] last = new long[PARTITIONS];
    private final long[] applying = new long[PARTITIONS];
    private final long[] applied = new long[PARTITIONS];
    private final List<Written> written = new ArrayList<>();
    private long lastId;

    private StorageWriter(Path folder) throws StorageException {
        // small buffers, so that a kill also meets flushes and compactions
        StorageSettings settings = Disk.SETTINGS.withTuning(new Tuning(1 << 20, 1 << 20, 1 << 20, 2));
        storage = Storage.open(folder, Owner.of(Disk.NAME), inputs::add, settings);
    }

    private record Written(long id, int partition, List<Entry> entries) {}

    public static void main(String[] args) throws Exception {
        new StorageWriter(Path.of(args[0])).run(new PrintStream(System.out, true, StandardCharsets.UTF_8));
    }

    private void run(PrintStream out) throws InterruptedException {
        long epoch = storage.recovered().boot();
        storage.recovered().copies().forEach(this::resume);
        while (true) {
            while (written.size() < WINDOW) {
                write(epoch, (int) (lastId % PARTITIONS));
            }
            switch (inputs.take()) {
                case Input.Persisted persisted -> {
                    persisted(persisted.id());
                    out.println("p " + last(0) + " " + last(1) + " " + last(2) + " " + last(3));
                }
                case Input.Applied reached -> {
                    applied[reached.partition()] = reached.seq();
                    out.println("a " + reached.partition() + " " + reached.seq());
                }
                case Input other -> {}
            }
        }
    }

    /** The highest sequence of a partition that was answered. */
    private long last(int partition) {
        return applying[partition];
    }

    private void resume(int partition, Recovered.Copy copy) {
        last[partition] = copy.lastSeq();
        applying[partition] = copy.lastSeq();
        applied[partition] = copy.applied().seq();
        if (!copy.unapplied().isEmpty()) {
            storage.execute(new Effect.Apply(partition, copy.unapplied()));
        }
    }

    private void write(long epoch, int partition) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            entries.add(entry(epoch, ++last[partition]));
        }
        List<Write> writes = new ArrayList<>();
        writes.add(new Write.AppendLog(partition, entries));
        if (applied[partition] % TRIM_EACH > TRIM_EACH - 4) {
            writes.add(new Write.TrimLog(partition, new EntryId(epoch, epoch, applied[partition])));
        }
        storage.execute(new Effect.Persist(++lastId, writes));
        written.add(new Written(lastId, partition, entries));
    }

    /** Entries of odd sequence set "last", the others one of a hundred keys; every third one expires. */
    static Entry entry(long epoch, long seq) {
        String key = seq % 2 == 1 ? "last" : "key" + seq % KEYS;
        return new Entry(
                new EntryId(epoch, epoch, seq),
                new Change.Put(Bytes.utf8(key), Bytes.utf8(Long.toString(seq)), seq % 3 == 0 ? seq : 0));
    }

    private void persisted(long id) {
        while (!written.isEmpty() && written.getFirst().id() <= id) {
            Written done = written.removeFirst();
            applying[done.partition()] = done.entries().getLast().seq();
            storage.execute(new Effect.Apply(done.partition(), done.entries()));
        }
    }
}
