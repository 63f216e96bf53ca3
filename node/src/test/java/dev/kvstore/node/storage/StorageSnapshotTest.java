package dev.kvstore.node.storage;

import static dev.kvstore.node.storage.Disk.id;
import static dev.kvstore.node.storage.Disk.put;
import static dev.kvstore.node.storage.Disk.puts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Entry;
import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Effect.Write;
import dev.kvstore.core.io.Input;
import dev.kvstore.core.io.Recovered;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageSnapshotTest {
    private static final StorageSettings SMALL_PARTS = Disk.SETTINGS.withPages(1 << 20, 150);

    @TempDir
    Path from;

    @TempDir
    Path to;

    @Test
    void carriesAPartitionOver() throws StorageException {
        try (Disk source = new Disk(from, SMALL_PARTS);
                Disk target = new Disk(to)) {
            source.write(0, puts(3, 1, 100));
            source.write(0, List.of(put(3, 101, "expires", "soon", 5_000)));
            source.write(1, puts(3, 1, 5));
            target.write(0, List.of(put(1, 1, "stale", "x", 1), put(1, 2, "k7", "stale")));

            Input.SnapshotOpened opened = open(source, 0, 9);
            source.write(0, List.of(put(3, 102, "after", "x"), put(3, 103, "k1", "after")));
            List<Bytes> parts = parts(source, 0, 9);
            assertThat(opened.at()).isEqualTo(id(3, 101));
            assertThat(parts).hasSizeGreaterThan(5);

            target.install(0, opened.at(), 1, parts);
            target.persist(new Write.EndSnapshot(0, opened.at()));
            target.reopen();

            Recovered.Copy copy = target.recovered(0);
            assertThat(copy.incomplete()).isFalse();
            assertThat(copy.applied()).isEqualTo(id(3, 101));
            assertThat(copy.base()).isEqualTo(id(3, 101));
            assertThat(copy.lastSeq()).isEqualTo(101);
            assertThat(copy.runs()).isEmpty();
            assertThat(target.keys(0)).hasSize(101).doesNotContain("stale", "after");
            assertThat(target.lookup(0, "k1"))
                    .satisfies(stored ->
                            assertThat(stored).isNotNull().extracting("version").isEqualTo(1L));
            assertThat(target.expired(0, 5_000)).containsExactly("expires");

            target.write(0, List.of(put(3, 102, "expires", "no more")));
            assertThat(target.expired(0, 5_000)).isEmpty();
        }
    }

    @Test
    void givesAPartAgainAsOftenAsItIsAskedFor() throws StorageException {
        try (Disk disk = new Disk(from, SMALL_PARTS)) {
            disk.write(0, puts(1, 1, 60));
            open(disk, 0, 1);

            Input.SnapshotRead first = read(disk, 0, 1, 0);
            assertThat(read(disk, 0, 1, 0)).isEqualTo(first);
            Input.SnapshotRead second = read(disk, 0, 1, 1);
            assertThat(read(disk, 0, 1, 1)).isEqualTo(second);
            assertThat(second.data()).isNotEqualTo(first.data());
            assertThat(read(disk, 0, 1, 0)).isEqualTo(first);
            assertThat(read(disk, 0, 1, 1)).isEqualTo(second);

            List<Bytes> all = parts(disk, 0, 1);
            Input.SnapshotRead last = read(disk, 0, 1, all.size() - 1);
            assertThat(last.last()).isTrue();
            assertThat(last.data()).isEqualTo(all.getLast());
        }
    }

    @Test
    void answersInOrderWhoeverAsksAhead() throws StorageException {
        try (Disk disk = new Disk(from, SMALL_PARTS)) {
            disk.write(0, puts(1, 1, 100));
            open(disk, 0, 1);
            List<Bytes> parts = parts(disk, 0, 1);
            open(disk, 0, 2);
            for (int index = 0; index < parts.size() + 4; index++) {
                disk.storage().execute(new Effect.ReadSnapshot(0, 2, index));
            }
            open(disk, 1, 3);
            read(disk, 1, 3, 0);

            List<Integer> indexes = new ArrayList<>();
            for (Input input : disk.answers().left()) {
                if (input instanceof Input.SnapshotRead read) {
                    assertThat(read.data()).isEqualTo(parts.get(read.index()));
                    assertThat(read.last()).isEqualTo(read.index() == parts.size() - 1);
                    indexes.add(read.index());
                }
            }
            assertThat(indexes)
                    .containsExactlyElementsOf(
                            IntStream.range(0, parts.size()).boxed().toList());
        }
    }

    @Test
    void containsWhatWasToBeAppliedBeforeIt() throws StorageException {
        try (Disk disk = new Disk(from)) {
            disk.persist(new Write.AppendLog(0, puts(1, 1, 200)));
            for (int seq = 1; seq <= 200; seq++) {
                disk.storage().execute(new Effect.Apply(0, puts(1, seq, seq)));
            }
            assertThat(open(disk, 0, 1).at()).isEqualTo(id(1, 200));
        }
    }

    @Test
    void carriesAnEmptyPartition() throws StorageException {
        try (Disk disk = new Disk(from)) {
            assertThat(open(disk, 4, 1).at().seq()).isZero();
            Input.SnapshotRead only = read(disk, 4, 1, 0);
            assertThat(only.last()).isTrue();
            disk.install(5, id(1, 1), 1, List.of(only.data()));
            disk.persist(new Write.EndSnapshot(5, id(1, 1)));
            assertThat(disk.keys(5)).isEmpty();
        }
    }

    @Test
    void reportsACopyThatARestartLeftIncomplete() throws StorageException {
        try (Disk source = new Disk(from, SMALL_PARTS);
                Disk target = new Disk(to)) {
            source.write(0, puts(1, 1, 50));
            target.write(0, puts(1, 1, 3));
            Input.SnapshotOpened opened = open(source, 0, 1);
            target.persist(new Write.BeginSnapshot(0, opened.at(), 1));
            target.bring(0, 1, 0, read(source, 0, 1, 0).data(), false);

            target.reopen();

            assertThat(target.recovered(0).incomplete()).isTrue();
            assertThat(target.recovered(0).applied()).isEqualTo(id(1, 50));

            target.install(0, opened.at(), 2, parts(source, 0, 1));
            target.persist(new Write.EndSnapshot(0, opened.at()));
            target.reopen();
            assertThat(target.recovered(0).incomplete()).isFalse();
            assertThat(target.keys(0)).hasSize(50);
        }
    }

    @Test
    void keepsEntriesThatAreLoggedDuringTheTransfer() throws StorageException {
        List<Entry> live = puts(1, 11, 14);
        try (Disk disk = new Disk(to)) {
            disk.persist(new Write.BeginSnapshot(0, id(1, 10), 1), new Write.AppendLog(0, live));
            disk.persist(new Write.EndSnapshot(0, id(1, 10)));
            disk.reopen();
            assertThat(disk.recovered(0).unapplied()).isEqualTo(live);
            disk.apply(0, live);
        }
    }

    @Test
    void forgetsAClosedSnapshot() throws StorageException {
        try (Disk disk = new Disk(from)) {
            disk.write(0, puts(1, 1, 3));
            open(disk, 0, 1);
            disk.storage().execute(new Effect.CloseSnapshot(0, 1));
            open(disk, 0, 2);
            disk.storage().execute(new Effect.ReadSnapshot(0, 1, 0));
            read(disk, 0, 2, 0);
            assertThat(disk.answers().left()).noneMatch(input -> input instanceof Input.SnapshotRead);
        }
    }

    private static Input.SnapshotOpened open(Disk disk, int partition, long number) {
        disk.storage().execute(new Effect.OpenSnapshot(partition, number));
        return disk.answers().take(Input.SnapshotOpened.class, opened -> opened.snapshotId() == number);
    }

    private static Input.SnapshotRead read(Disk disk, int partition, long number, int index) {
        disk.storage().execute(new Effect.ReadSnapshot(partition, number, index));
        return disk.answers()
                .take(Input.SnapshotRead.class, read -> read.snapshotId() == number && read.index() == index);
    }

    private static List<Bytes> parts(Disk disk, int partition, long number) {
        List<Bytes> parts = new ArrayList<>();
        while (true) {
            Input.SnapshotRead read = read(disk, partition, number, parts.size());
            parts.add(read.data());
            if (read.last()) {
                return parts;
            }
        }
    }
}
