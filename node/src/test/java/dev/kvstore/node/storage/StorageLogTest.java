package dev.kvstore.node.storage;

import static dev.kvstore.node.storage.Disk.delete;
import static dev.kvstore.node.storage.Disk.id;
import static dev.kvstore.node.storage.Disk.noop;
import static dev.kvstore.node.storage.Disk.put;
import static dev.kvstore.node.storage.Disk.puts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Entry;
import dev.kvstore.core.data.EntryId;
import dev.kvstore.core.data.Stored;
import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Effect.Write;
import dev.kvstore.core.io.Input;
import dev.kvstore.core.io.Recovered;
import dev.kvstore.core.ring.Assignment;
import dev.kvstore.core.ring.Member;
import dev.kvstore.core.ring.Ring;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageLogTest {
    @TempDir
    Path folder;

    @Test
    void startsEmptyAndCountsItsStarts() throws StorageException {
        try (Disk disk = new Disk(folder)) {
            Recovered first = disk.storage().recovered();
            assertThat(first.storeId()).matches("[0-9a-f]{32}");
            assertThat(first.boot()).isEqualTo(1);
            assertThat(first.clusterId()).isEmpty();
            assertThat(first.ring()).isNull();
            assertThat(first.copies()).isEmpty();

            disk.reopen();

            assertThat(disk.storage().recovered().storeId()).isEqualTo(first.storeId());
            assertThat(disk.storage().recovered().boot()).isEqualTo(2);
        }
    }

    @Test
    void remembersTheRing() throws StorageException {
        Ring ring = new Ring(
                "cluster",
                4,
                List.of(new Member("node1", "s", 1, "", "h:1", "h:2", "", false)),
                List.of(new Assignment(1, "node1", 1, List.of("node1"), List.of("node1"), false, 0)));
        try (Disk disk = new Disk(folder)) {
            disk.persist(new Write.SaveRing(ring.withVersion(3)));
            disk.persist(new Write.SaveRing(ring));

            disk.reopen();

            assertThat(disk.storage().recovered().clusterId()).isEqualTo("cluster");
            assertThat(disk.storage().recovered().ring()).isEqualTo(ring);
        }
    }

    @Test
    void recoversLogAndStateToTheExactSequence() throws StorageException {
        List<Entry> applied = List.of(noop(1, 1), put(1, 2, "a", "1"), put(1, 3, "b", "2"), delete(1, 4, "a"));
        List<Entry> unapplied = List.of(noop(3, 5), put(3, 6, "c", "3"));
        Effect.Joining joining = new Effect.Joining("node2", "s2", 3);
        try (Disk disk = new Disk(folder)) {
            disk.write(7, applied);
            disk.persist(new Write.AppendLog(7, unapplied), new Write.SaveJoining(7, joining));

            disk.reopen();

            Recovered.Copy copy = disk.recovered(7);
            assertThat(copy.applied()).isEqualTo(id(1, 4));
            assertThat(copy.base()).isEqualTo(EntryId.ZERO);
            assertThat(copy.runs()).containsExactly(id(1, 1), id(3, 5));
            assertThat(copy.lastSeq()).isEqualTo(6);
            assertThat(copy.unapplied()).isEqualTo(unapplied);
            assertThat(copy.incomplete()).isFalse();
            assertThat(copy.joining()).isEqualTo(joining);
            assertThat(copy.logBytes()).isEqualTo(bytes(applied) + bytes(unapplied));
            assertThat(disk.lookup(7, "a")).isNull();
            assertThat(disk.lookup(7, "b")).isEqualTo(new Stored(Bytes.utf8("2"), 3, 0));
            assertThat(disk.lookup(7, "c")).isNull();

            disk.apply(7, unapplied);
            assertThat(disk.lookup(7, "c")).isEqualTo(new Stored(Bytes.utf8("3"), 6, 0));
            disk.write(7, List.of(put(3, 7, "d", "4")));
        }
    }

    @Test
    void findsEveryChangeOfEpochInALongLog() throws StorageException {
        List<EntryId> runs = new ArrayList<>();
        try (Disk disk = new Disk(folder)) {
            long seq = 0;
            for (int epoch = 1; epoch < 9; epoch++) {
                List<Entry> entries = puts(epoch, seq + 1, seq + 3L * epoch * epoch);
                runs.add(entries.getFirst().id());
                disk.persist(new Write.AppendLog(0, entries));
                seq = entries.getLast().seq();
            }

            disk.reopen();

            assertThat(disk.recovered(0).runs()).isEqualTo(runs);
            assertThat(disk.recovered(0).unapplied()).hasSize((int) seq);
        }
    }

    @Test
    void keepsPartitionsApart() throws StorageException {
        try (Disk disk = new Disk(folder)) {
            disk.write(1, puts(1, 1, 3));
            disk.write(2, puts(1, 1, 5));
            disk.write(256, puts(1, 1, 2));
            disk.persist(new Write.Discard(2));

            disk.reopen();

            assertThat(disk.storage().recovered().copies()).containsOnlyKeys(1, 2, 256);
            assertThat(disk.keys(1)).containsExactly("k1", "k2", "k3");
            assertThat(disk.keys(2)).isEmpty();
            assertThat(disk.log(2, 1)).isEmpty();
            assertThat(disk.keys(256)).containsExactly("k1", "k2");
        }
    }

    @Test
    void syncsOnceForAllThatWaits() throws StorageException, InterruptedException {
        CountDownLatch allQueued = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(2);
        List<Long> ids = new ArrayList<>();
        try (Storage storage = Storage.open(
                folder,
                Owner.of(Disk.NAME),
                input -> {
                    if (input instanceof Input.Persisted persisted) {
                        ids.add(persisted.id());
                        answered.countDown();
                        await(allQueued);
                    }
                },
                Disk.SETTINGS)) {
            for (int i = 1; i <= 500; i++) {
                storage.execute(new Effect.Persist(
                        i, List.of(new Write.AppendLog(i % 10, puts(1, (i + 9) / 10, (i + 9) / 10)))));
                if (i == 1) {
                    assertThat(storage.metrics().persists()).isLessThanOrEqualTo(1);
                    while (answered.getCount() == 2) {
                        Thread.onSpinWait();
                    }
                }
            }
            allQueued.countDown();
            await(answered);

            assertThat(ids).containsExactly(1L, 500L);
            assertThat(storage.metrics().syncs()).isEqualTo(2);
            assertThat(storage.metrics().persists()).isEqualTo(500);
            assertThat(storage.metrics().persistedEntries()).isEqualTo(500);
        }
    }

    @Test
    void answersAPersistThatWritesNothing() throws StorageException {
        try (Disk disk = new Disk(folder)) {
            disk.persist();
            assertThat(disk.storage().metrics().syncs()).isZero();
        }
    }

    @Test
    void cutsALog() throws StorageException {
        try (Disk disk = new Disk(folder)) {
            disk.write(0, puts(1, 1, 2));
            disk.persist(new Write.AppendLog(0, puts(1, 3, 300)));
            disk.persist(new Write.CutLog(0, 4), new Write.AppendLog(0, puts(2, 4, 5)));
            disk.persist(new Write.CutLog(0, 6));

            disk.reopen();

            assertThat(disk.recovered(0).lastSeq()).isEqualTo(5);
            assertThat(disk.recovered(0).runs()).containsExactly(id(1, 1), id(2, 4));
            assertThat(disk.log(0, 1))
                    .extracting(Entry::id)
                    .containsExactly(id(1, 1), id(1, 2), id(1, 3), id(2, 4), id(2, 5));

            disk.persist(new Write.CutLog(0, 3));
            disk.reopen();
            assertThat(disk.recovered(0).lastSeq()).isEqualTo(2);
            assertThat(disk.recovered(0).unapplied()).isEmpty();
        }
    }

    @Test
    void trimsALog() throws StorageException {
        try (Disk disk = new Disk(folder)) {
            disk.write(0, puts(1, 1, 500));
            disk.persist(new Write.TrimLog(0, id(1, 10)));
            disk.persist(new Write.TrimLog(0, id(1, 400)));
            disk.persist(new Write.TrimLog(0, id(1, 300)));

            disk.reopen();

            Recovered.Copy copy = disk.recovered(0);
            assertThat(copy.base()).isEqualTo(id(1, 400));
            assertThat(copy.runs()).containsExactly(id(1, 401));
            assertThat(copy.lastSeq()).isEqualTo(500);
            assertThat(copy.logBytes()).isEqualTo(bytes(puts(1, 401, 500)));
            assertThat(disk.log(0, 400)).isEmpty();
            assertThat(disk.log(0, 401)).isEqualTo(puts(1, 401, 500));
            assertThat(disk.keys(0)).hasSize(500);

            disk.persist(new Write.TrimLog(0, id(1, 500)));
            disk.reopen();
            assertThat(disk.recovered(0).runs()).isEmpty();
            assertThat(disk.recovered(0).lastSeq()).isEqualTo(500);
            assertThat(disk.recovered(0).logBytes()).isZero();
            disk.write(0, puts(2, 501, 501));
        }
    }

    @Test
    void rebasesALogAndKeepsTheKeys() throws StorageException {
        EntryId far = new EntryId(4, 2, 5_000_000_000L);
        try (Disk disk = new Disk(folder)) {
            disk.write(0, puts(1, 1, 3));
            disk.persist(new Write.AppendLog(0, puts(1, 4, 100)));
            disk.persist(new Write.Rebase(0, far));
            disk.persist(new Write.Rebase(1, far));
            disk.write(0, List.of(put(4, 5_000_000_001L, "new", "x")));

            disk.reopen();

            assertThat(disk.recovered(0).base()).isEqualTo(far);
            assertThat(disk.recovered(0).applied()).isEqualTo(id(4, 5_000_000_001L));
            assertThat(disk.recovered(0).runs()).containsExactly(id(4, 5_000_000_001L));
            assertThat(disk.keys(0)).containsExactly("k1", "k2", "k3", "new");
            assertThat(disk.recovered(1).applied()).isEqualTo(far);
            assertThat(disk.keys(1)).isEmpty();
        }
    }

    @Test
    void leavesAnIncompleteCopyAfterADiscard() throws StorageException {
        try (Disk disk = new Disk(folder)) {
            disk.write(0, puts(1, 1, 200));
            disk.persist(new Write.Discard(0), new Write.Discard(9));

            disk.reopen();

            for (int partition : new int[] {0, 9}) {
                Recovered.Copy copy = disk.recovered(partition);
                assertThat(copy.incomplete()).isTrue();
                assertThat(copy.applied()).isEqualTo(EntryId.ZERO);
                assertThat(copy.lastSeq()).isZero();
                assertThat(disk.log(partition, 1)).isEmpty();
                assertThat(disk.keys(partition)).isEmpty();
            }

            disk.persist(new Write.Rebase(0, id(2, 7)));
            disk.reopen();
            assertThat(disk.recovered(0).incomplete()).isFalse();
            assertThat(disk.recovered(0).applied()).isEqualTo(id(2, 7));
        }
    }

    @Test
    void readsALogInPiecesOfBoundedSize() throws StorageException {
        try (Disk disk = new Disk(folder)) {
            disk.persist(new Write.AppendLog(0, puts(1, 1, 9)));
            int size = put(1, 1, "k1", "v1").sizeBytes();

            assertThat(disk.log(0, 1, 3 * size)).isEqualTo(puts(1, 1, 3));
            assertThat(disk.log(0, 4, 1)).isEqualTo(puts(1, 4, 4));
            assertThat(disk.log(0, 10)).isEmpty();
            assertThat(disk.log(5, 1)).isEmpty();
        }
    }

    @Test
    void stopsRatherThanLeaveAGapInALog() throws Exception {
        try (Disk disk = new Disk(folder)) {
            disk.persist(new Write.AppendLog(0, puts(1, 1, 2)));
            disk.begin(new Write.AppendLog(0, puts(1, 4, 4)));

            assertThat(failureOf(disk))
                    .contains("partition 0: entry 1.1/4 is to follow 2")
                    .contains("defect");
            assertThat(disk.answers().left()).noneMatch(input -> input instanceof Input.Persisted);
        }
        try (Disk disk = new Disk(folder)) {
            assertThat(disk.recovered(0).lastSeq()).isEqualTo(2);
        }
    }

    @Test
    void stopsRatherThanApplyWhatIsNotOnDisk() throws Exception {
        try (Disk disk = new Disk(folder)) {
            disk.persist(new Write.AppendLog(0, puts(1, 1, 2)));
            disk.storage().execute(new Effect.Apply(0, puts(1, 1, 3)));

            assertThat(failureOf(disk))
                    .contains("entry 1.1/3 is to be applied after 1.1/2, the log is on disk up to 2");
        }
        try (Disk disk = new Disk(folder)) {
            assertThat(disk.recovered(0).applied()).isEqualTo(EntryId.ZERO);
        }
    }

    private static String failureOf(Disk disk) throws InterruptedException, TimeoutException {
        try {
            return String.valueOf(disk.storage()
                    .failure()
                    .toCompletableFuture()
                    .get(60, TimeUnit.SECONDS)
                    .getMessage());
        } catch (ExecutionException e) {
            throw new CompletionException(e);
        }
    }

    private static long bytes(List<Entry> entries) {
        return entries.stream().mapToLong(Entry::sizeBytes).sum();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
