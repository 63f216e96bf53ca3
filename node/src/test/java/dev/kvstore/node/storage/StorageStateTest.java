package dev.kvstore.node.storage;

import static dev.kvstore.node.storage.Disk.delete;
import static dev.kvstore.node.storage.Disk.id;
import static dev.kvstore.node.storage.Disk.put;
import static dev.kvstore.node.storage.Disk.puts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Change;
import dev.kvstore.core.data.Entry;
import dev.kvstore.core.data.Outcome;
import dev.kvstore.core.data.Stored;
import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Effect.Write;
import dev.kvstore.core.io.Input;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageStateTest {
    @TempDir
    Path folder;

    @Test
    void answersALookUpBeforeItReturns() throws StorageException {
        try (Disk disk = new Disk(folder)) {
            disk.write(0, List.of(put(1, 1, "a", "1")));
            disk.storage().execute(new Effect.Lookup(77, 0, Bytes.utf8("a")));

            assertThat(disk.answers().left()).contains(new Input.LookedUp(77, new Stored(Bytes.utf8("1"), 1, 0)));
            assertThat(disk.lookup(0, "b")).isNull();
            assertThat(disk.lookup(1, "a")).isNull();
        }
    }

    @Test
    void keepsKeysAndValuesOfAnyBytes() throws StorageException {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        byte[] big = new byte[1 << 20];
        try (Disk disk = new Disk(folder)) {
            disk.write(
                    3,
                    List.of(
                            new Entry(id(1, 1), new Change.Put(Bytes.wrap(all), Bytes.wrap(big), 0)),
                            new Entry(id(1, 2), new Change.Put(Bytes.wrap(new byte[] {-1}), Bytes.EMPTY, 0))));
            disk.storage().execute(new Effect.Lookup(1, 3, Bytes.wrap(all)));
            assertThat(disk.answers().take(Input.LookedUp.class).stored()).isEqualTo(new Stored(Bytes.wrap(big), 1, 0));
            disk.storage().execute(new Effect.Lookup(1, 3, Bytes.wrap(new byte[] {-1})));
            assertThat(disk.answers().take(Input.LookedUp.class).stored()).isEqualTo(new Stored(Bytes.EMPTY, 2, 0));
            assertThat(disk.log(3, 1, 1)).hasSize(1);
        }
    }

    @Test
    void scansInTheOrderOfBytes() throws StorageException {
        try (Disk disk = new Disk(folder)) {
            disk.write(
                    0,
                    List.of(
                            put(1, 1, "b", "1"),
                            put(1, 2, "a", "2"),
                            put(1, 3, "ab", "3", 5),
                            put(1, 4, "é", "4"),
                            put(1, 5, "a/", "5"),
                            put(1, 6, "gone", "6"),
                            delete(1, 7, "gone")));
            disk.write(1, List.of(put(1, 1, "other", "1")));

            assertThat(disk.keys(0)).containsExactly("a", "a/", "ab", "b", "0xc3a9");
            assertThat(keys(disk.scan(0, "a", null, 10, true))).containsExactly("a", "a/", "ab");
            assertThat(keys(disk.scan(0, "a", "a", 10, true))).containsExactly("a/", "ab");
            assertThat(keys(disk.scan(0, "a", "ab", 10, true))).isEmpty();
            assertThat(keys(disk.scan(0, "a", "A", 10, true))).containsExactly("a", "a/", "ab");
            assertThat(keys(disk.scan(0, "a", "b", 10, true))).isEmpty();
            assertThat(disk.scan(0, "ab", null, 10, true).items())
                    .containsExactly(new Outcome.Item(Bytes.utf8("ab"), new Stored(Bytes.utf8("3"), 3, 5)));
            assertThat(disk.scan(0, "ab", null, 10, false).items())
                    .containsExactly(new Outcome.Item(Bytes.utf8("ab"), new Stored(Bytes.EMPTY, 3, 5)));
        }
    }

    @Test
    void saysWhetherKeysFollowAPage() throws StorageException {
        try (Disk disk = new Disk(folder)) {
            disk.write(0, puts(1, 1, 4));

            Outcome.Page first = disk.scan(0, "", null, 3, true);
            assertThat(keys(first)).containsExactly("k1", "k2", "k3");
            assertThat(first.more()).isTrue();
            Outcome.Page second = disk.scan(0, "", "k3", 3, true);
            assertThat(keys(second)).containsExactly("k4");
            assertThat(second.more()).isFalse();
            assertThat(disk.scan(0, "", null, 4, true).more()).isFalse();
        }
    }

    @Test
    void boundsThePageByBytesToo() throws StorageException {
        String kilobyte = "x".repeat(1_000);
        try (Disk disk = new Disk(folder, Disk.SETTINGS.withPages(2_500, 1_000))) {
            List<Entry> entries = new ArrayList<>();
            for (int i = 1; i <= 9; i++) {
                entries.add(put(1, i, "k" + i, kilobyte));
            }
            disk.write(0, entries);

            assertThat(keys(disk.scan(0, "", null, 9, true))).containsExactly("k1", "k2", "k3");
            assertThat(disk.scan(0, "", null, 9, true).more()).isTrue();
            assertThat(disk.scan(0, "", null, 9, false).items()).hasSize(9);
        }
    }

    @Test
    void findsWhatHasExpiredAndForgetsWhatWasReplaced() throws StorageException {
        try (Disk disk = new Disk(folder)) {
            disk.write(
                    0,
                    List.of(
                            put(1, 1, "early", "1", 1_000),
                            put(1, 2, "late", "1", 3_000),
                            put(1, 3, "never", "1"),
                            put(1, 4, "made later", "1", 1_500),
                            put(1, 5, "made later", "2", 2_500),
                            put(1, 6, "kept", "1", 1_200),
                            put(1, 7, "kept", "2")));
            disk.write(1, List.of(put(1, 1, "elsewhere", "1", 1)));

            assertThat(disk.expired(0, 999)).isEmpty();
            assertThat(disk.expired(0, 1_000)).containsExactly("early");
            assertThat(disk.expired(0, 2_999)).containsExactly("early", "made later");

            disk.reopen();
            disk.write(0, List.of(delete(1, 8, "early"), put(1, 9, "late", "2"), put(1, 10, "made later", "3", 9_000)));

            assertThat(disk.expired(0, 8_999)).isEmpty();
            assertThat(disk.expired(0, 9_000)).containsExactly("made later");
            disk.storage().execute(new Effect.FindExpired(0, Long.MAX_VALUE, 0));
            assertThat(disk.answers().take(Input.ExpiredFound.class).keys()).isEmpty();

            disk.persist(new Write.Discard(0));
            assertThat(disk.expired(0, Long.MAX_VALUE)).isEmpty();
        }
    }

    @Test
    void appliesManyPartitionsTogetherAndAnswersEach() throws StorageException {
        try (Disk disk = new Disk(folder)) {
            for (int partition = 0; partition < 20; partition++) {
                disk.persist(new Write.AppendLog(partition, puts(1, 1, 10)));
            }
            for (int round = 0; round < 5; round++) {
                for (int partition = 0; partition < 20; partition++) {
                    disk.storage().execute(new Effect.Apply(partition, puts(1, 2 * round + 1, 2 * round + 2)));
                }
            }
            for (int each = 0; each < 20; each++) {
                int partition = each;
                disk.answers().take(Input.Applied.class, input -> input.partition() == partition && input.seq() == 10);
                assertThat(disk.keys(partition)).hasSize(10);
            }
            assertThat(disk.storage().metrics().appliedEntries()).isEqualTo(200);
        }
    }

    @Test
    void refusesEffectsThatAreNotItsOwn() throws StorageException {
        try (Disk disk = new Disk(folder)) {
            assertThatThrownBy(() -> disk.storage().execute(new Effect.Drained()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void doesNothingAfterItWasClosed() throws StorageException {
        Disk disk = new Disk(folder);
        disk.write(0, puts(1, 1, 1));
        disk.close();
        disk.close();
        disk.storage().execute(new Effect.Lookup(1, 0, Bytes.utf8("k1")));
        disk.storage().execute(new Effect.FindExpired(0, 1, 1));
        assertThat(disk.answers().left()).noneMatch(input -> input instanceof Input.LookedUp);
    }

    private static List<String> keys(Outcome.Page page) {
        return page.items().stream().map(item -> item.key().toString()).toList();
    }
}
