package dev.kvstore.node.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Change;
import dev.kvstore.core.data.Entry;
import dev.kvstore.core.data.EntryId;
import dev.kvstore.core.data.Outcome;
import dev.kvstore.core.data.Stored;
import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Effect.Write;
import dev.kvstore.core.io.Input;
import dev.kvstore.core.io.Recovered;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A store in a folder, driven as the core would, one answer at a time. */
final class Disk implements AutoCloseable {
    static final String NAME = "node1";

    /** Shared by all tests, so that the native library is unpacked once. */
    static final StorageSettings SETTINGS = StorageSettings.DEFAULT.withLibraryFolder(Path.of("target", "native"));

    private final Path folder;
    private final StorageSettings settings;
    private Recorder answers = new Recorder();
    private Storage storage;
    private long lastId;

    Disk(Path folder) throws StorageException {
        this(folder, SETTINGS);
    }

    Disk(Path folder, StorageSettings settings) throws StorageException {
        this.folder = folder;
        this.settings = settings;
        this.storage = Storage.open(folder, Owner.of(NAME), answers, settings);
    }

    Storage storage() {
        return storage;
    }

    Recorder answers() {
        return answers;
    }

    void reopen() throws StorageException {
        storage.close();
        answers = new Recorder();
        storage = Storage.open(folder, Owner.of(NAME), answers, settings);
    }

    Recovered.Copy recovered(int partition) {
        Recovered.Copy copy = storage.recovered().copies().get(partition);
        assertThat(copy).as("copy of partition %d", partition).isNotNull();
        return copy;
    }

    /** Begins a persist; returns its id. */
    long begin(Write... writes) {
        storage.execute(new Effect.Persist(++lastId, List.of(writes)));
        return lastId;
    }

    /** Persists and waits for it. */
    void persist(Write... writes) {
        long id = begin(writes);
        answers.take(Input.Persisted.class, persisted -> persisted.id() >= id);
    }

    /** Applies and waits for it. */
    void apply(int partition, List<Entry> entries) {
        storage.execute(new Effect.Apply(partition, entries));
        long seq = entries.getLast().seq();
        answers.take(Input.Applied.class, applied -> applied.partition() == partition && applied.seq() >= seq);
    }

    /** Logs and applies. */
    void write(int partition, List<Entry> entries) {
        persist(new Write.AppendLog(partition, entries));
        apply(partition, entries);
    }

    /** Installs a snapshot of these parts, up to its end but without it. */
    void install(int partition, EntryId at, long install, List<Bytes> parts) {
        persist(new Write.BeginSnapshot(partition, at, install));
        for (int index = 0; index < parts.size(); index++) {
            bring(partition, install, index, parts.get(index), index == parts.size() - 1);
        }
    }

    /** Brings a part of a snapshot, and waits until it is taken. */
    void bring(int partition, long install, int index, Bytes part, boolean last) {
        storage.execute(new Effect.InstallPart(partition, install, index, part, last));
        answers.take(
                Input.PartInstalled.class,
                taken -> taken.partition() == partition && taken.install() == install && taken.index() == index);
    }

    @Nullable
    Stored lookup(int partition, String key) {
        long id = ++lastId;
        storage.execute(new Effect.Lookup(id, partition, Bytes.utf8(key)));
        return answers.take(Input.LookedUp.class, lookedUp -> lookedUp.id() == id)
                .stored();
    }

    Outcome.Page scan(int partition, String prefix, @Nullable String after, int limit, boolean values) {
        storage.execute(new Effect.ScanRange(
                ++lastId, partition, Bytes.utf8(prefix), after == null ? null : Bytes.utf8(after), limit, values));
        return answers.take(Input.Scanned.class).page();
    }

    List<String> keys(int partition) {
        List<String> keys = new ArrayList<>();
        for (Outcome.Item item :
                scan(partition, "", null, Integer.MAX_VALUE, false).items()) {
            keys.add(item.key().toString());
        }
        return keys;
    }

    List<String> expired(int partition, long wallMs) {
        storage.execute(new Effect.FindExpired(partition, wallMs, Integer.MAX_VALUE));
        List<String> keys = new ArrayList<>();
        answers.take(Input.ExpiredFound.class).keys().forEach(key -> keys.add(key.toString()));
        return keys;
    }

    List<Entry> log(int partition, long fromSeq, int maxBytes) {
        storage.execute(new Effect.ReadLog(partition, "node2", fromSeq, maxBytes));
        return answers.take(Input.LogRead.class).entries();
    }

    List<Entry> log(int partition, long fromSeq) {
        return log(partition, fromSeq, Integer.MAX_VALUE);
    }

    static EntryId id(long epoch, long seq) {
        return new EntryId(epoch, 1, seq);
    }

    static Entry put(long epoch, long seq, String key, String value) {
        return put(epoch, seq, key, value, 0);
    }

    static Entry put(long epoch, long seq, String key, String value, long expiresAtMs) {
        return new Entry(id(epoch, seq), new Change.Put(Bytes.utf8(key), Bytes.utf8(value), expiresAtMs));
    }

    static Entry delete(long epoch, long seq, String key) {
        return new Entry(id(epoch, seq), new Change.Delete(Bytes.utf8(key)));
    }

    static Entry noop(long epoch, long seq) {
        return new Entry(id(epoch, seq), new Change.Noop());
    }

    /** Puts of keys k1, k2 and so on, one for each sequence. */
    static List<Entry> puts(long epoch, long fromSeq, long toSeq) {
        List<Entry> entries = new ArrayList<>();
        for (long seq = fromSeq; seq <= toSeq; seq++) {
            entries.add(put(epoch, seq, "k" + seq, "v" + seq));
        }
        return entries;
    }

    @Override
    public void close() {
        storage.close();
    }
}
