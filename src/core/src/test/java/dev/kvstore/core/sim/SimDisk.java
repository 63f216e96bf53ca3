package dev.kvstore.core.sim;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Change;
import dev.kvstore.core.data.Entry;
import dev.kvstore.core.data.EntryId;
import dev.kvstore.core.data.Stored;
import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Effect.Write;
import dev.kvstore.core.io.Recovered;
import dev.kvstore.core.ring.Ring;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A disk that forgets what was not synced: two images, one as the process sees it and one as a crash would leave it, and
 * the writes between the two. A crash lets a prefix of those survive, as a write-ahead log does.
 */
final class SimDisk {
    /** A key that every partition of a disk holds that was kept from a deleted cluster. */
    static final Bytes RETAINED_KEY = Bytes.utf8("retained");

    private static final long RETAINED_SEQ = 40;

    /** One partition's copy on disk. */
    static final class Copy {
        EntryId applied = EntryId.ZERO;
        EntryId base = EntryId.ZERO;
        final ArrayList<Entry> log = new ArrayList<>();
        final TreeMap<Bytes, Stored> data = new TreeMap<>();
        boolean incomplete;
        Effect.@Nullable Joining joining;

        void clear(EntryId at) {
            log.clear();
            data.clear();
            base = at;
            applied = at;
        }

        boolean holds(EntryId id) {
            if (incomplete) {
                return false;
            }
            if (id.seq() <= applied.seq()) {
                return true;
            }
            long index = id.seq() - base.seq() - 1;
            return index < log.size() && log.get((int) index).id().equals(id);
        }

        /** The log's entry at a sequence; null when it is not in the log. */
        @Nullable
        Entry entry(long seq) {
            long index = seq - base.seq() - 1;
            return index < 0 || index >= log.size() ? null : log.get((int) index);
        }

        Copy copied() {
            Copy copy = new Copy();
            copy.applied = applied;
            copy.base = base;
            copy.log.addAll(log);
            copy.data.putAll(data);
            copy.incomplete = incomplete;
            copy.joining = joining;
            return copy;
        }
    }

    /** Everything on a disk. */
    static final class Image {
        long boot;

        @Nullable
        Ring ring;

        final TreeMap<Integer, Copy> copies = new TreeMap<>();

        Copy copy(int partition) {
            return copies.computeIfAbsent(partition, fresh -> new Copy());
        }

        Image copied() {
            Image image = new Image();
            image.boot = boot;
            image.ring = ring;
            copies.forEach((partition, copy) -> image.copies.put(partition, copy.copied()));
            return image;
        }
    }

    private final SnapshotTable snapshots;
    private String storeId;
    private Image live = new Image();
    private Image synced = new Image();
    private final ArrayDeque<Consumer<Image>> unsynced = new ArrayDeque<>();
    /** Snapshots that are being installed, by partition; a crash forgets them. */
    private final Map<Integer, Install> installs = new TreeMap<>();

    private static final class Install {
        final long id;
        final TreeMap<Bytes, Stored> data = new TreeMap<>();
        int next;

        Install(long id) {
            this.id = id;
        }
    }

    SimDisk(String storeId, SnapshotTable snapshots) {
        this.storeId = storeId;
        this.snapshots = snapshots;
    }

    String storeId() {
        return storeId;
    }

    /** What the process sees. */
    Image live() {
        return live;
    }

    /** What a crash would leave at least. */
    Image synced() {
        return synced;
    }

    /** Number of writes that are not synced. */
    int unsynced() {
        return unsynced.size();
    }

    /** The oldest writes have reached the disk. */
    void sync(int writes) {
        for (int i = 0; i < writes && !unsynced.isEmpty(); i++) {
            unsynced.removeFirst().accept(synced);
        }
    }

    /** The process dies: some of what was not synced survives. */
    void crash(Random random) {
        sync(random.nextInt(unsynced.size() + 1));
        unsynced.clear();
        installs.clear();
        live = synced.copied();
    }

    /** The disk is replaced by an empty one. */
    void wipe(String newStoreId) {
        storeId = newStoreId;
        unsynced.clear();
        installs.clear();
        live = new Image();
        synced = new Image();
    }

    /** The disk was kept from a cluster of which this ring was the last: it holds one key in each partition. */
    void retain(Ring ring) {
        live = new Image();
        live.boot = 4;
        live.ring = ring;
        for (int i = 0; i < ring.partitions().size(); i++) {
            Copy copy = live.copy(i);
            copy.clear(new EntryId(ring.partition(i).epoch(), 3, RETAINED_SEQ));
            copy.data.put(RETAINED_KEY, new Stored(RETAINED_KEY, RETAINED_SEQ, 0));
        }
        synced = live.copied();
    }

    /** What a process finds that starts now. */
    Recovered start() {
        live.boot++;
        synced.boot = live.boot;
        TreeMap<Integer, Recovered.Copy> copies = new TreeMap<>();
        live.copies.forEach((partition, copy) -> copies.put(partition, recovered(copy)));
        Ring ring = live.ring;
        return new Recovered(storeId, live.boot, ring == null ? "" : ring.clusterId(), ring, copies);
    }

    private static Recovered.Copy recovered(Copy copy) {
        List<EntryId> runs = new ArrayList<>();
        List<Entry> unapplied = new ArrayList<>();
        EntryId previous = null;
        long bytes = 0;
        for (Entry entry : copy.log) {
            EntryId id = entry.id();
            if (previous == null || previous.epoch() != id.epoch() || previous.boot() != id.boot()) {
                runs.add(id);
            }
            previous = id;
            bytes += entry.sizeBytes();
            if (id.seq() > copy.applied.seq()) {
                unapplied.add(entry);
            }
        }
        long last = copy.log.isEmpty() ? copy.base.seq() : copy.log.getLast().seq();
        return new Recovered.Copy(copy.applied, copy.base, runs, last, bytes, unapplied, copy.incomplete, copy.joining);
    }

    void write(List<Write> writes) {
        writes.forEach(this::endInstall);
        Consumer<Image> all = image -> writes.forEach(write -> apply(image, write));
        all.accept(live);
        unsynced.add(all);
    }

    private void endInstall(Write write) {
        switch (write) {
            case Write.BeginSnapshot begin -> installs.put(begin.partition(), new Install(begin.install()));
            case Write.EndSnapshot end -> installs.remove(end.partition());
            case Write.Discard discard -> installs.remove(discard.partition());
            case Write.Rebase rebase -> installs.remove(rebase.partition());
            case Write.SaveRing ring -> {}
            case Write.SaveJoining joining -> {}
            case Write.AppendLog append -> {}
            case Write.CutLog cut -> {}
            case Write.TrimLog trim -> {}
        }
    }

    /** Whether this part is the next one of an install that nothing has ended. */
    boolean awaits(Effect.InstallPart part) {
        Install install = installs.get(part.partition());
        return install != null && install.id == part.install() && install.next == part.index();
    }

    /** Whether an install was ended, so that its parts are not wanted any more. */
    boolean ended(Effect.InstallPart part) {
        Install install = installs.get(part.partition());
        return install == null || install.id != part.install();
    }

    /** Lays a part aside; the last one puts all into the state, past whatever else waits to be synced. */
    void install(Effect.InstallPart part) {
        Install install = Objects.requireNonNull(installs.get(part.partition()));
        install.next++;
        install.data.putAll(snapshots.part(part.data()));
        if (part.last()) {
            for (Image image : List.of(live, synced)) {
                Copy copy = image.copy(part.partition());
                if (!copy.incomplete || !copy.data.isEmpty()) {
                    throw new IllegalStateException("partition " + part.partition() + " is not ready for a snapshot");
                }
                copy.data.putAll(install.data);
            }
        }
    }

    /** Gives an install up. */
    void refuse(Effect.InstallPart part) {
        installs.remove(part.partition());
    }

    void apply(int partition, List<Entry> entries) {
        Consumer<Image> write = image -> {
            Copy copy = image.copy(partition);
            for (Entry entry : entries) {
                if (entry.seq() != copy.applied.seq() + 1) {
                    throw new IllegalStateException(
                            "partition " + partition + ": entry " + entry.id() + " applied after " + copy.applied);
                }
                copy.applied = entry.id();
                switch (entry.change()) {
                    case Change.Put put ->
                        copy.data.put(put.key(), new Stored(put.value(), entry.seq(), put.expiresAtMs()));
                    case Change.Delete delete -> copy.data.remove(delete.key());
                    case Change.Noop noop -> {}
                }
            }
        };
        write.accept(live);
        unsynced.add(write);
    }

    private void apply(Image image, Write write) {
        switch (write) {
            case Write.SaveRing save -> image.ring = save.ring();
            case Write.SaveJoining save -> image.copy(save.partition()).joining = save.joining();
            case Write.AppendLog append -> {
                Copy copy = image.copy(append.partition());
                for (Entry entry : append.entries()) {
                    long last = copy.log.isEmpty()
                            ? copy.base.seq()
                            : copy.log.getLast().seq();
                    if (entry.seq() != last + 1) {
                        throw new IllegalStateException("entry " + entry.id() + " written after " + last);
                    }
                    copy.log.add(entry);
                }
            }
            case Write.CutLog cut -> image.copy(cut.partition()).log.removeIf(entry -> entry.seq() >= cut.fromSeq());
            case Write.TrimLog trim -> {
                Copy copy = image.copy(trim.partition());
                if (trim.upTo().seq() > copy.applied.seq()) {
                    throw new IllegalStateException("trimmed what is not applied: " + trim);
                }
                copy.log.removeIf(entry -> entry.seq() <= trim.upTo().seq());
                copy.base = trim.upTo();
            }
            case Write.BeginSnapshot begin -> {
                image.copy(begin.partition()).clear(begin.at());
                image.copy(begin.partition()).incomplete = true;
            }
            case Write.EndSnapshot end -> image.copy(end.partition()).incomplete = false;
            case Write.Discard discard -> {
                image.copy(discard.partition()).clear(EntryId.ZERO);
                image.copy(discard.partition()).incomplete = true;
            }
            case Write.Rebase rebase -> {
                Copy copy = image.copy(rebase.partition());
                copy.log.clear();
                copy.base = rebase.at();
                copy.applied = rebase.at();
                copy.incomplete = false;
            }
        }
    }

    Map<Bytes, Stored> data(int partition) {
        return live.copy(partition).data;
    }
}
